package io.prefstream.export.client;

import io.prefstream.export.domain.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The dataset card. */
final class Card {

    private Card() {}

    static String markdown(Outcome outcome, int run, Map<String, Long> counts, Path folder) {
        return """
                ---
                task_categories:
                - reinforcement-learning
                - text-generation
                tags:
                - preference
                - reward-model
                %s---
                # Curated preference pairs

                Made by prefstream %s from %d input rows: %d kept, %d flipped, %d in quarantine, %d discarded, %d refused.

                `chosen` and `rejected` are whole conversations; there is no `prompt` column. `margin` is the log-odds that
                the published order is right; trainers that know a column of this name, TRL's among them, take it as the
                margin to reach, so drop it for the plain loss. `label_source` says who decided: human, llm, rm or flip.
                `curated` holds pairs whose original label stands, and those that people corrected; `recycled` holds pairs
                whose label the models reversed. A prompt is never in two splits.

                %s %s

                `verdicts.jsonl` has a line for every input row; `report.md` tells how the decisions were made.
                """.formatted(
                        configs(folder, outcome.release(run)),
                        Version.NUMBER,
                        counts.get("read"),
                        counts.get("keep"),
                        counts.get("flip"),
                        counts.get("quarantine"),
                        counts.get("discard"),
                        counts.get("rejected_input"),
                        benchmarks(outcome.benchmarks()),
                        personalData(outcome.configuration(run).getOrDefault("pii", "keep")));
    }

    private static String benchmarks(Map<String, Long> items) {
        if (items.isEmpty()) {
            return "Not decontaminated against any benchmark.";
        }
        return "Pairs that share 13 words in a row with a prompt of these benchmarks were left out: "
                + items.entrySet().stream()
                        .map(benchmark -> benchmark.getKey() + " (" + benchmark.getValue() + " items)")
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private static String personalData(String policy) {
        return switch (policy) {
            case "redact" -> "Personal data that has a form, such as mail addresses, was replaced by marks.";
            case "drop" -> "Pairs with personal data that has a form, such as mail addresses, were left out.";
            default -> "Personal data was counted and not taken out.";
        };
    }

    /** The parts that hold pairs, as the hub's loader wants them named: the release by default, and each folder by itself. */
    static String configs(Path folder, List<String> release) {
        Set<List<String>> parts = new LinkedHashSet<>(List.of(release, List.of("curated"), List.of("recycled")));
        StringBuilder text = new StringBuilder();
        for (List<String> folders : parts) {
            Map<String, List<String>> splits = new TreeMap<>();
            for (String split : List.of("train", "validation")) {
                List<String> filled = folders.stream()
                        .filter(part -> Files.exists(folder.resolve(part).resolve(split + "-00000-of-00001.parquet")))
                        .toList();
                if (!filled.isEmpty()) {
                    splits.put(split, filled);
                }
            }
            if (splits.isEmpty()) {
                continue;
            }
            text.append(text.isEmpty() ? "configs:\n" : "")
                    .append("- config_name: ")
                    .append(String.join("+", folders))
                    .append('\n');
            text.append(folders.equals(release) ? "  default: true\n" : "").append("  data_files:\n");
            splits.forEach((split, filled) -> {
                text.append("  - split: ").append(split).append("\n    path:\n");
                filled.forEach(part -> text.append("    - ")
                        .append(part)
                        .append('/')
                        .append(split)
                        .append("-*.parquet\n"));
            });
        }
        return text.toString();
    }
}
