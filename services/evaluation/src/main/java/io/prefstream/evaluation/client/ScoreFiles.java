package io.prefstream.evaluation.client;

import io.prefstream.evaluation.domain.RecordedRows;
import io.prefstream.evaluation.domain.RecordedRows.Recorded;
import io.prefstream.evaluation.domain.Refusal;
import io.prefstream.evaluation.domain.Row;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.RowFiles;
import io.prefstream.ingest.client.RowSink;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.kit.config.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads recorded scores: {@code items.jsonl} of an earlier run, or the results that owners of benchmarks publish. */
public final class ScoreFiles {

    private ScoreFiles() {}

    /**
     * What the files hold.
     *
     * @param scores by benchmark and then by item, in the files' order
     * @param models what scored them, as far as the rows say so
     * @param refused rows that could not be used
     * @param files SHA-256 of each file by name
     */
    public record Scores(
            Map<String, Map<String, Recorded>> scores,
            List<String> models,
            List<Refusal> refused,
            Map<String, String> files) {}

    /**
     * Reads the files.
     *
     * @throws UserError when one of them can't be read to its end
     */
    public static Scores read(List<Path> files) {
        Map<String, Map<String, Recorded>> scores = new TreeMap<>();
        List<String> models = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        Map<String, String> hashes = new TreeMap<>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            RowSink sink = new RowSink() {
                @Override
                public void row(long line, Map<String, @Nullable Object> fields) {
                    try {
                        Recorded recorded = RecordedRows.read(new Row(line, fields));
                        Map<String, Recorded> ofBenchmark =
                                scores.computeIfAbsent(recorded.benchmark(), id -> new LinkedHashMap<>());
                        if (ofBenchmark.putIfAbsent(recorded.name(), recorded) != null) {
                            throw new RowFault(
                                    Rule.DUPLICATE_KEY,
                                    "item",
                                    "has scores in an earlier row already; keep one of them");
                        }
                        String model = recorded.model();
                        if (model != null && !models.contains(model)) {
                            models.add(model);
                        }
                    } catch (RowFault fault) {
                        fault(line, fault);
                    }
                }

                @Override
                public void fault(long line, RowFault fault) {
                    refused.add(Refusal.of(name, line, fault));
                }
            };
            try {
                String damage = RowFiles.read(file, sink);
                if (damage != null) {
                    throw new UserError("--scores " + name + ": " + damage);
                }
            } catch (FileRefused e) {
                throw new UserError("--scores " + e.getMessage());
            }
            hashes.put(name, Sha256.of(file));
        }
        return new Scores(scores, models, refused, hashes);
    }
}
