package io.prefstream.labelverifier.processor;

import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.labelverifier.domain.Judgement;
import io.prefstream.wire.JudgeStats;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.Pair;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Counts how each judge judges: how often the order decides, how it takes to length, what it costs, whether people agree. */
final class Tally {

    static final Store<JudgeStats> STATS = new Store<>("judge-stats", StoreSerdes.avro(JudgeStats.class), false);

    private final KeyValueStore<String, JudgeStats> stats;
    private final int partition;

    Tally(KeyValueStore<String, JudgeStats> stats, int partition) {
        this.stats = stats;
        this.partition = partition;
    }

    /**
     * Counts one judgement, and gives the judge's counts so far.
     *
     * @param gold what people say of the pair; null when nothing
     */
    JudgeStats count(Judgement judgement, Pair pair, @Nullable Label gold) {
        String judge = judgement.judge().name();
        JudgeStats now = of(judge);
        now.setPairs(now.getPairs() + 1);
        now.setBothOrders(now.getBothOrders() + (judgement.leantTwice() ? 1 : 0));
        now.setFlipped(now.getFlipped() + (judgement.flipped() ? 1 : 0));
        now.setFailed(now.getFailed() + (judgement.error() == null ? 0 : 1));
        now.setVoided(now.getVoided() + judgement.voided());
        now.setOwnFamily(now.getOwnFamily() + (judgement.ownFamily() ? 1 : 0));
        if (judgement.decided()) {
            now.setDecided(now.getDecided() + 1);
            int longer = Integer.compare(
                    pair.getChosen().length(), pair.getRejected().length());
            int toLonger = judgement.outcome() == LabelOutcome.CHOSEN ? longer : -longer;
            now.setLonger(now.getLonger() + (toLonger > 0 ? 1 : 0));
            now.setShorter(now.getShorter() + (toLonger < 0 ? 1 : 0));
            if (gold != null
                    && (gold.getOutcome() == LabelOutcome.CHOSEN || gold.getOutcome() == LabelOutcome.REJECTED)) {
                now.setGold(now.getGold() + 1);
                now.setGoldAgreed(now.getGoldAgreed() + (gold.getOutcome() == judgement.outcome() ? 1 : 0));
            }
        }
        stats.put(judge, now);
        return now;
    }

    /** Counts an answer, or a call that ended without one. */
    void answered(String judge, LlmAnswer answer) {
        JudgeStats now = of(judge);
        now.setCalls(now.getCalls() + 1);
        now.setTries(now.getTries() + answer.getTries());
        now.setMillis(now.getMillis() + answer.getMillis());
        now.setInputTokens(now.getInputTokens() + answer.getInputTokens());
        now.setOutputTokens(now.getOutputTokens() + answer.getOutputTokens());
        now.setUsd(now.getUsd() + answer.getCostUsd());
        stats.put(judge, now);
    }

    private JudgeStats of(String judge) {
        JudgeStats known = stats.get(judge);
        return known != null
                ? known
                : JudgeStats.newBuilder()
                        .setJudge(judge)
                        .setPartition(partition)
                        .build();
    }
}
