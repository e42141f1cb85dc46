package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.BenchmarkRow;
import io.prefstream.ingest.domain.RowFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the prompts of a benchmark: a file in its owner's format, of the kinds that pairs come in. */
public final class BenchmarkFile {

    private BenchmarkFile() {}

    /**
     * What a file holds.
     *
     * @param name the file's name
     * @param rows its items that have a prompt, in order
     * @param without rows that have none, or could not be read
     */
    public record Items(String name, List<BenchmarkRow> rows, long without) {}

    /**
     * Reads the whole file.
     *
     * @throws FileRefused when it can't be read to its end or holds no prompt: half a benchmark would pass for a whole one
     */
    public static Items read(Path file) throws FileRefused {
        String name = String.valueOf(file.getFileName());
        List<BenchmarkRow> rows = new ArrayList<>();
        long[] without = new long[1];
        RowSink sink = new RowSink() {
            @Override
            public void row(long line, Map<String, @Nullable Object> fields) {
                BenchmarkRow row = BenchmarkRow.of(line, fields);
                if (row == null) {
                    without[0]++;
                } else {
                    rows.add(row);
                }
            }

            @Override
            public void fault(long line, RowFault fault) {
                without[0]++;
            }
        };
        String damage = RowFiles.read(file, sink);
        if (damage != null) {
            throw new FileRefused(name, damage + "; a benchmark must be whole, get it again");
        }
        if (rows.isEmpty()) {
            throw new FileRefused(
                    name, "holds no prompt; a benchmark needs a column prompt, question, instruction or messages");
        }
        return new Items(name, List.copyOf(rows), without[0]);
    }
}
