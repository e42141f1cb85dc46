package io.prefstream.runner.command;

import io.prefstream.consistencyfilter.domain.Decision;
import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.consistencyfilter.domain.Evidence;
import io.prefstream.consistencyfilter.domain.WhyNot;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.Verdict.Kind;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.FolderRun;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Tells what would have had to be different for another verdict on a pair. */
final class ExplainWhyNot {
    private ExplainWhyNot() {}

    /**
     * Prints what stopped the verdict and every smallest way to it.
     *
     * @throws UserError when the pair has no verdict yet
     */
    static void tell(OpenFolder folder, String pairId, Kind asked, PrintWriter to) {
        FolderRun run = FolderRun.read(folder, 0, pairId::equals);
        Verdict recorded = run.recorded(pairId);
        if (recorded == null) {
            throw new UserError("pair " + pairId + " has no verdict yet: it gets one when the run ends");
        }
        DecisionSettings settings = run.settings();
        print(recorded, run.evidence(recorded, settings), settings, asked, to);
    }

    static void print(Verdict recorded, Evidence evidence, DecisionSettings settings, Kind asked, PrintWriter to) {
        String wanted = asked.name().toLowerCase(Locale.ROOT);
        to.println("pair       " + recorded.getPairId());
        to.println("verdict    " + recorded.getVerdict().name().toLowerCase(Locale.ROOT) + ", rule "
                + recorded.getRule() + ": " + recorded.getReason());
        if (!Decision.of(evidence, settings).verdict().rule().equals(recorded.getRule())) {
            to.println(
                    "note       the rules give another verdict from what the last run decided with; it is due to change");
        }
        List<WhyNot.Way> ways = WhyNot.ways(evidence, settings, asked);
        if (ways.isEmpty()) {
            to.println("never      no " + WhyNot.MOST_CHANGES + " changes would make it " + wanted);
        } else if (ways.getFirst().changes().isEmpty()) {
            to.println("why not    it is: " + wanted);
        } else {
            to.println("stopped    by rule " + recorded.getRule()
                    + (evidence.human() == HumanOutcome.NONE
                            ? ""
                            : "; what people said settles it: no score, vote or threshold counts against it"));
            for (WhyNot.Way way : ways) {
                to.println(wanted + " if    " + String.join("\n   and     ", way.changes()) + "\n   by      rule "
                        + way.verdict().rule());
            }
        }
    }
}
