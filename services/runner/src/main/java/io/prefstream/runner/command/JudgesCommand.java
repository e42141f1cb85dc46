package io.prefstream.runner.command;

import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.trainer.domain.JudgeReport;
import io.prefstream.wire.CallIntent;
import io.prefstream.wire.JudgeStats;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows how each LLM judge judges, what it costs, and what crashes may have cost. */
@Command(
        name = "judges",
        mixinStandardHelpOptions = true,
        description = "Shows how each LLM judge judges: how often the order changes its mind, how it takes to length,"
                + " whether people agree, what it costs.")
final class JudgesCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Override
    public Integer call() {
        Map<String, JudgeStats> partitions = new HashMap<>();
        Set<String> begun = new HashSet<>();
        long[] intents = new long[1];
        try (OpenFolder system = data.open();
                TopicReader reader = new TopicReader(
                        system.installation(), system.wire(), List.of(Topics.JUDGE_STATS, Topics.CALL_INTENTS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof JudgeStats stats) {
                    partitions.put(key, stats);
                } else if (value instanceof CallIntent intent) {
                    intents[0]++;
                    begun.add(intent.getCallId() + "#" + intent.getAttempt());
                }
            });
        }
        PrintWriter to = spec.commandLine().getOut();
        if (partitions.isEmpty()) {
            to.println("No LLM has judged on this folder.");
        } else {
            print(JudgeReport.byJudge(partitions.values()), to);
            to.printf(
                    Locale.ROOT,
                    "%d calls were made, %d of them again after a process had ended: at most those were paid for twice.%n",
                    intents[0],
                    intents[0] - begun.size());
        }
        to.flush();
        return 0;
    }

    private static void print(List<JudgeStats> judges, PrintWriter to) {
        to.printf(
                "%-24s %8s %8s %8s %8s %10s %8s %7s %8s %9s %7s %10s%n",
                "judge",
                "pairs",
                "decided",
                "flipped",
                "longer",
                "as people",
                "no vote",
                "voided",
                "calls",
                "requests",
                "seconds",
                "USD");
        for (JudgeStats judge : judges) {
            to.printf(
                    Locale.ROOT,
                    "%-24s %8d %8s %8s %8s %10s %8d %7d %8d %9d %7.1f %10.4f%n",
                    judge.getJudge(),
                    judge.getPairs(),
                    JudgeReport.percent(judge.getPairs() == 0 ? 0 : (double) judge.getDecided() / judge.getPairs()),
                    JudgeReport.percent(JudgeReport.flipRate(judge)),
                    JudgeReport.percent(JudgeReport.longerRate(judge)),
                    JudgeReport.percent(JudgeReport.agreement(judge)),
                    judge.getFailed(),
                    judge.getVoided(),
                    judge.getCalls(),
                    judge.getTries(),
                    judge.getCalls() == 0 ? 0 : judge.getMillis() / 1000.0 / judge.getCalls(),
                    judge.getUsd());
        }
    }
}
