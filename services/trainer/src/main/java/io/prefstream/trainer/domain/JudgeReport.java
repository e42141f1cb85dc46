package io.prefstream.trainer.domain;

import io.prefstream.core.stats.Wilson;
import io.prefstream.wire.JudgeStats;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** How each judge has judged, over all partitions. Stateless. */
public final class JudgeReport {

    private static final double LEVEL = 0.9;

    private JudgeReport() {}

    /** Counts of each judge, summed over partitions, by name. */
    public static List<JudgeStats> byJudge(Collection<JudgeStats> partitions) {
        TreeMap<String, JudgeStats> sums = new TreeMap<>();
        for (JudgeStats one : partitions) {
            sums.merge(one.getJudge(), JudgeStats.newBuilder(one).build(), JudgeReport::plus);
        }
        return new ArrayList<>(sums.values());
    }

    private static JudgeStats plus(JudgeStats a, JudgeStats b) {
        return JudgeStats.newBuilder(a)
                .setPairs(a.getPairs() + b.getPairs())
                .setDecided(a.getDecided() + b.getDecided())
                .setBothOrders(a.getBothOrders() + b.getBothOrders())
                .setFlipped(a.getFlipped() + b.getFlipped())
                .setLonger(a.getLonger() + b.getLonger())
                .setShorter(a.getShorter() + b.getShorter())
                .setGold(a.getGold() + b.getGold())
                .setGoldAgreed(a.getGoldAgreed() + b.getGoldAgreed())
                .setFailed(a.getFailed() + b.getFailed())
                .setVoided(a.getVoided() + b.getVoided())
                .setOwnFamily(a.getOwnFamily() + b.getOwnFamily())
                .setCalls(a.getCalls() + b.getCalls())
                .setTries(a.getTries() + b.getTries())
                .setMillis(a.getMillis() + b.getMillis())
                .setInputTokens(a.getInputTokens() + b.getInputTokens())
                .setOutputTokens(a.getOutputTokens() + b.getOutputTokens())
                .setUsd(a.getUsd() + b.getUsd())
                .build();
    }

    /** Share of pairs, of those it leant on in both orders, where its answer depended on the order; NaN without any. */
    public static double flipRate(JudgeStats judge) {
        return share(judge.getFlipped(), judge.getBothOrders());
    }

    /** Share of its decisions for the longer answer; NaN without any. */
    public static double longerRate(JudgeStats judge) {
        return share(judge.getLonger(), judge.getLonger() + judge.getShorter());
    }

    /** Share of its decisions that people had made too; NaN without any. */
    public static double agreement(JudgeStats judge) {
        return share(judge.getGoldAgreed(), judge.getGold());
    }

    private static double share(long part, long all) {
        return all == 0 ? Double.NaN : (double) part / all;
    }

    /** All of it that doesn't differ between two runs of the same input, in a line. */
    public static String line(JudgeStats judge) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%d pairs, %d decided, order changed %s, longer preferred %s",
                judge.getPairs(),
                judge.getDecided(),
                percent(flipRate(judge)),
                percent(longerRate(judge))));
        line.append(
                judge.getGold() == 0
                        ? ", no pair that people had decided"
                        : String.format(
                                Locale.ROOT,
                                ", like people on %d of %d (%s, 90 %% interval %s to %s)",
                                judge.getGoldAgreed(),
                                judge.getGold(),
                                percent(agreement(judge)),
                                percent(Wilson.lower(judge.getGoldAgreed(), judge.getGold(), LEVEL)),
                                percent(Wilson.upper(judge.getGoldAgreed(), judge.getGold(), LEVEL))));
        if (judge.getFailed() > 0) {
            line.append(", ").append(judge.getFailed()).append(" pairs without a vote");
        }
        if (judge.getVoided() > 0) {
            line.append(", ").append(judge.getVoided()).append(" answers without the check word");
        }
        return judge.getUsd() > 0
                ? line.append(String.format(Locale.ROOT, "; $%.4f", judge.getUsd()))
                        .toString()
                : line.toString();
    }

    /** A share in percent; a hyphen where there is none. */
    public static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
