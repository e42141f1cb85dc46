package io.prefstream.runner.command;

import io.prefstream.runner.app.Curation;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a user is told at the end of a run. */
final class Summary {

    private Summary() {}

    static void print(Curation.Result result, PrintWriter to) {
        Map<String, Long> counts = result.counts();
        to.printf(
                "%d rows read = %d keep + %d flip + %d quarantine + %d discard + %d rejected_input%n",
                counts.get("read"),
                counts.get("keep"),
                counts.get("flip"),
                counts.get("quarantine"),
                counts.get("discard"),
                counts.get("rejected_input"));
        to.println("Cleaning met: "
                + result.cleaning().entrySet().stream()
                        .map(rule -> rule.getValue() + " " + rule.getKey())
                        .collect(Collectors.joining(", ")));
        answers("Is my gold enough?", "answer/gold/", result, to);
        answers("Is it better than not filtering?", "answer/better/", result, to);
        if (result.decision().keySet().stream().anyMatch(key -> key.startsWith("answer/flips/"))) {
            answers("Are the flips right?", "answer/flips/", result, to);
        }
        answers("Do the raters agree?", "answer/agreement/", result, to);
        if (result.decision().keySet().stream().anyMatch(key -> key.startsWith("answer/judges/"))) {
            answers("What did the judges do?", "answer/judges/", result, to);
        }
        if (result.decision().keySet().stream().anyMatch(key -> key.startsWith("answer/selection/"))) {
            answers("What did the selection pick?", "answer/selection/", result, to);
        }
        if (result.decision().keySet().stream().anyMatch(key -> key.startsWith("answer/costs/"))) {
            answers("What did it cost?", "answer/costs/", result, to);
        }
        to.flush();
    }

    private static void answers(String question, String prefix, Curation.Result result, PrintWriter to) {
        to.println(question);
        new TreeMap<>(result.decision()).forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                to.println("  " + key.substring(prefix.length() + 2) + ": " + value);
            }
        });
    }
}
