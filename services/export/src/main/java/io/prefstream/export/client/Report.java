package io.prefstream.export.client;

import io.prefstream.export.domain.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The account of a run in Markdown. */
final class Report {

    private Report() {}

    static String markdown(Outcome outcome, int run, Map<String, Long> counts) {
        Map<String, String> decision = outcome.decision(run);
        StringBuilder text = new StringBuilder("# What this run did\n\n");
        text.append("| outcome | pairs |\n|---|---|\n");
        for (String kind : new String[] {"read", "keep", "flip", "quarantine", "discard", "rejected_input"}) {
            text.append("| ")
                    .append(kind)
                    .append(" | ")
                    .append(counts.getOrDefault(kind, 0L))
                    .append(" |\n");
        }
        text.append("\nread = keep + flip + quarantine + discard + rejected_input.\n");
        Map<String, Long> rules = new TreeMap<>();
        outcome.rows().forEach(row -> {
            var verdict = outcome.verdict(row.pairId());
            if (verdict != null) {
                rules.merge(
                        verdict.getVerdict().name().toLowerCase(Locale.ROOT) + " | " + verdict.getRule(),
                        1L,
                        Long::sum);
            }
        });
        outcome.refused().forEach(row -> rules.merge("rejected_input | " + row.getRule(), 1L, Long::sum));
        text.append("\n## By rule\n\n| verdict | rule | rows |\n|---|---|---|\n");
        rules.forEach((rule, n) ->
                text.append("| ").append(rule).append(" | ").append(n).append(" |\n"));
        text.append("\n## Cleaning\n\n| rule | pairs or rows that it met |\n|---|---|\n");
        outcome.cleaning()
                .forEach((rule, n) ->
                        text.append("| ").append(rule).append(" | ").append(n).append(" |\n"));
        outcome.benchmarks()
                .forEach((name, items) -> text.append("\nHeld against ")
                        .append(items)
                        .append(" items of the benchmark ")
                        .append(name)
                        .append(".\n"));
        section(text, "Is my gold enough?", "answer/gold/", decision);
        section(text, "Is it better than not filtering?", "answer/better/", decision);
        if (decision.keySet().stream().anyMatch(key -> key.startsWith("answer/flips/"))) {
            section(text, "Are the flips right?", "answer/flips/", decision);
        }
        if (decision.keySet().stream().anyMatch(key -> key.startsWith("answer/judges/"))) {
            section(text, "What did the judges do?", "answer/judges/", decision);
        }
        if (decision.keySet().stream().anyMatch(key -> key.startsWith("answer/selection/"))) {
            section(text, "What did the selection pick?", "answer/selection/", decision);
        }
        if (decision.keySet().stream().anyMatch(key -> key.startsWith("answer/costs/"))) {
            section(text, "What did it cost?", "answer/costs/", decision);
        }
        counts(text, "Models against people, out of fold", "decided by", "figures/", decision);
        counts(text, "Accuracy and coverage, out of fold", "certainty from", "coverage/", decision);
        counts(text, "Flips that people audited", "category", "flip-audit/", decision);
        counts(text, "By stratum", "stratum", "stratum/", decision);
        counts(text, "By how pairs were fetched", "strategy", "fetched-by/", decision);
        ModelReport.write(text, outcome, run);
        text.append("\n## Settings\n\n");
        outcome.configuration(run)
                .forEach((key, value) ->
                        text.append("- ").append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** A table of rows that the last step told as {@code name=count} words. */
    private static void counts(
            StringBuilder text, String title, String of, String prefix, Map<String, String> decision) {
        Map<String, String> rows = new TreeMap<>(decision);
        rows.keySet().removeIf(key -> !key.startsWith(prefix));
        boolean begun = false;
        for (Map.Entry<String, String> row : rows.entrySet()) {
            String[] cells = row.getValue().split(" ", -1);
            if (!begun) {
                text.append("\n## ").append(title).append("\n\n| ").append(of);
                for (String cell : cells) {
                    text.append(" | ")
                            .append(cell.substring(0, cell.indexOf('=')).replace('_', ' '));
                }
                text.append(" |\n|").append("---|".repeat(cells.length + 1)).append('\n');
                begun = true;
            }
            text.append("| ").append(row.getKey().substring(prefix.length()).replaceFirst("^\\d+ ", ""));
            for (String cell : cells) {
                text.append(" | ").append(cell.substring(cell.indexOf('=') + 1));
            }
            text.append(" |\n");
        }
    }

    private static void section(StringBuilder text, String title, String prefix, Map<String, String> decision) {
        text.append("\n## ").append(title).append("\n\n");
        new TreeMap<>(decision).forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                text.append("- ")
                        .append(key.substring(prefix.length()).replaceFirst("^\\d+ ", ""))
                        .append(": ")
                        .append(value)
                        .append('\n');
            }
        });
    }
}
