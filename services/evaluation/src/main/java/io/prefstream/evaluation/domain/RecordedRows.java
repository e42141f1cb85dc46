package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.core.benchmark.ScoredItem.Duel;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recorded scores, a row an item, in our own shape or in those in which benchmarks' owners publish them. */
public final class RecordedRows {

    private static final Set<String> RIGHT_SOLUTION = Set.of("human_to_GPT-4", "chosen");

    private RecordedRows() {}

    /**
     * Scores of an item.
     *
     * @param benchmark id of its benchmark
     * @param name the item's name
     * @param model what scored it; null when the row does not say
     * @param text SHA-256 of the texts that were scored; null when the row does not say
     * @param scores as {@link ScoredItem#scores}
     * @param item the whole item, when the row says which answers are right; else null, and the benchmark's files must say
     */
    public record Recorded(
            String benchmark,
            String name,
            @Nullable String model,
            @Nullable String text,
            double[] scores,
            @Nullable ScoredItem item) {}

    /** Reads a row of any shape. */
    public static Recorded read(Row row) throws RowFault {
        if (row.has("benchmark")) {
            return own(row);
        }
        if (row.has("judgments")) {
            return judgeBench(row);
        }
        if (row.has("solution_reference")) {
            return solutions(row);
        }
        throw new RowFault(
                Rule.NO_SUCH_FIELD,
                "benchmark",
                "is missing; a row of scores has benchmark, item and scores, or judgments (JudgeBench),"
                        + " or solution_reference and score (RewardMATH)");
    }

    private static Recorded own(Row row) throws RowFault {
        String benchmark = row.text("benchmark");
        Format format = Formats.of(benchmark, 0).orElse(null);
        if (format == null) {
            throw row.wrong("benchmark", "the id of a benchmark, such as rm-bench");
        }
        String name = row.text("item");
        double[] scores = row.scores("scores");
        ScoredItem item = null;
        if (row.has("right")) {
            boolean[] right = row.truths("right");
            if (right.length != scores.length) {
                throw row.wrong("right", "a list as long as that of scores (" + scores.length + ")");
            }
            List<Duel> duels = new ArrayList<>();
            if (row.has("duels")) {
                for (int[] pair : row.places("duels", scores.length)) {
                    duels.add(new Duel(pair[0], pair[1]));
                }
            }
            item = new ScoredItem(name, row.text("part"), right, duels, scores);
            if (!format.takes(item)) {
                throw row.wrong(
                        "part",
                        "a part of " + format.benchmark().title()
                                + ", with as many scores and right answers as it has");
            }
        }
        return new Recorded(
                benchmark,
                name,
                row.has("model") ? row.text("model") : null,
                row.has("text_sha256") ? row.text("text_sha256") : null,
                scores,
                item);
    }

    /** The owner's results: a reward model judges A and B, then B and A; the first of the two counts. */
    private static Recorded judgeBench(Row row) throws RowFault {
        List<Row> judgments = row.objects("judgments");
        if (judgments.isEmpty()) {
            throw row.wrong("judgments", "a list with a judgment");
        }
        double[] scores = judgments.getFirst().scores("scores");
        if (scores.length != 2) {
            throw judgments.getFirst().wrong("scores", "a list of two scores");
        }
        String name = row.idOr("pair_id");
        return new Recorded(
                "judgebench",
                name,
                null,
                null,
                scores,
                new ScoredItem(name, JudgeBenchRows.source(row), JudgeBenchRows.right(row), List.of(), scores));
    }

    /** RewardMATH's results, and those of its authors on RewardBench's math-prm, which have two solutions a problem. */
    private static Recorded solutions(Row row) throws RowFault {
        List<String> references = row.texts("solution_reference");
        double[] scores = row.scores("score");
        if (references.size() != scores.length || scores.length < 2) {
            throw row.wrong("score", "a list of a score a solution");
        }
        boolean[] right = new boolean[scores.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = RIGHT_SOLUTION.contains(references.get(i));
        }
        if (references.stream().filter(RIGHT_SOLUTION::contains).count() != 1) {
            throw row.wrong("solution_reference", "a list with human_to_GPT-4, or chosen, once");
        }
        boolean pair = scores.length == 2;
        String name = (pair ? "math-prm/" : "problem/") + row.line();
        return new Recorded(
                pair ? "rewardbench" : "rewardmath",
                name,
                null,
                null,
                scores,
                new ScoredItem(name, pair ? "math-prm" : "", right, List.of(), scores));
    }
}
