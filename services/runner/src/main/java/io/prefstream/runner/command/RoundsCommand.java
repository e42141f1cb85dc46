package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.PastRuns;
import io.prefstream.wire.RoundAccount;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what the rounds of a folder's runs did. */
@Command(
        name = "rounds",
        mixinStandardHelpOptions = true,
        description = "Lists the rounds of a folder's runs: why each started, what it did and cost, and what changed.")
final class RoundsCommand implements Callable<Integer> {

    private static final String ROW = "%3s  %-5s  %-8s  %8s  %6s  %-24s  %6s  %5s  %6s  %6s  %9s  %-14s  %s%n";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder folder = data.open()) {
            Collection<RoundAccount> accounts = PastRuns.of(folder).accounts();
            if (json) {
                to.println(json(accounts));
            } else {
                print(accounts, to);
            }
        }
        to.flush();
        return 0;
    }

    /** Prints a row for each account. */
    static void print(Collection<RoundAccount> accounts, PrintWriter to) {
        if (accounts.isEmpty()) {
            to.println("no round has ended in this folder");
            return;
        }
        to.printf(
                ROW,
                "run",
                "round",
                "why",
                "new rows",
                "labels",
                "requests",
                "votes",
                "gold",
                "silver",
                "calls",
                "usd",
                "right on gold",
                "what became of it");
        for (RoundAccount a : accounts) {
            to.printf(
                    ROW,
                    a.getRun(),
                    a.getRound() == 0 ? "after" : Integer.toString(a.getRound()),
                    a.getWhy().isEmpty() ? "-" : a.getWhy(),
                    a.getNewPairs(),
                    a.getNewLabels(),
                    words(a.getRequests()),
                    a.getVotes(),
                    signed(a.getGold()),
                    signed(a.getSilver()),
                    a.getCalls(),
                    String.format(Locale.ROOT, "%.4f", a.getUsd()),
                    share(a.getAccuracyBefore()) + " > " + share(a.getAccuracyAfter()),
                    outcome(a));
        }
    }

    private static String outcome(RoundAccount account) {
        if (account.getRound() > 0) {
            return account.getEnded().isEmpty() ? "another round" : account.getEnded();
        }
        return words(account.getVerdicts()) + "; " + account.getChanged() + " verdicts changed";
    }

    private static String words(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "-"
                : new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(count -> count.getValue() + " " + count.getKey())
                                .collect(Collectors.joining(", "));
    }

    private static String signed(long n) {
        return n > 0 ? "+" + n : Long.toString(n);
    }

    private static String share(@Nullable Double accuracy) {
        return accuracy == null ? "-" : String.format(Locale.ROOT, "%.3f", accuracy);
    }

    /** The accounts as a JSON array. */
    static String json(Collection<RoundAccount> accounts) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode all = mapper.createArrayNode();
        for (RoundAccount a : accounts) {
            ObjectNode row = all.addObject()
                    .put("run", a.getRun())
                    .put("round", a.getRound())
                    .put("why", a.getWhy())
                    .put("new_rows", a.getNewPairs())
                    .put("new_labels", a.getNewLabels());
            new TreeMap<>(a.getRequests()).forEach(row.putObject("requests")::put);
            row.put("votes", a.getVotes())
                    .put("gold", a.getGold())
                    .put("silver", a.getSilver())
                    .put("calls", a.getCalls())
                    .put("usd", a.getUsd())
                    .put("accuracy_before", a.getAccuracyBefore())
                    .put("accuracy_after", a.getAccuracyAfter());
            new TreeMap<>(a.getVerdicts()).forEach(row.putObject("verdicts")::put);
            row.put("changed", a.getChanged()).put("ended", a.getEnded());
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
