package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code prefstream inspect} says of a file; nothing is written.
 *
 * @param examples the first {@link #EXAMPLES} refusals of each rule
 */
public record InspectReport(FileReport file, Map<Rule, List<Refused>> examples) {

    /** Refusals shown for each rule. */
    public static final int EXAMPLES = 10;

    /** Reads the whole file and keeps only counts and examples. */
    public static InspectReport of(Path file, Map<String, String> mapping) throws FileRefused {
        var examples = new EnumMap<Rule, List<Refused>>(Rule.class);
        FileReport report = PairFiles.read(file, mapping, row -> {
            if (row instanceof Refused refused) {
                var some = examples.computeIfAbsent(refused.rule(), rule -> new ArrayList<>());
                if (some.size() < EXAMPLES) {
                    some.add(refused);
                }
            }
        });
        return new InspectReport(report, examples);
    }
}
