package io.prefstream.models.reward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rows that go through the model in one call.
 *
 * @param rows at least one
 */
record Batch(List<Row> rows) {

    /** Greatest share of a batch's tokens that may be padding. */
    static final double MOST_PADDING = 0.10;

    /**
     * Plans batches: rows of nearly one length together, the longest first, within a budget. A row over it is a batch of its own.
     *
     * @param budget most tokens of a batch, padding included; 0 for one row a batch
     */
    static List<Batch> plan(List<Row> rows, int budget) {
        List<Row> byLength = new ArrayList<>(rows);
        byLength.sort(Comparator.comparingInt(Row::tokens).reversed()); // stable, so that equal rows keep their order
        List<Batch> batches = new ArrayList<>();
        List<Row> batch = new ArrayList<>();
        long tokens = 0;
        for (Row row : byLength) {
            if (!batch.isEmpty()) {
                long padded = (batch.size() + 1L) * batch.getFirst().tokens();
                if (padded > budget || tokens + row.tokens() < (1 - MOST_PADDING) * padded) {
                    batches.add(new Batch(batch));
                    batch = new ArrayList<>();
                    tokens = 0;
                }
            }
            batch.add(row);
            tokens += row.tokens();
        }
        if (!batch.isEmpty()) {
            batches.add(new Batch(batch));
        }
        return batches;
    }
}
