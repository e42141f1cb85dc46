package io.prefstream.consistencyfilter.processor;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.cleaning.CleaningRules;
import io.prefstream.core.cleaning.InputOrder;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.CleaningCount;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.SimilarityKind;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What cleaning has found, and how often each of its rules has met a pair or a row. A pair counts once for a rule, however
 * many facts there are, so that the counts don't depend on the order or the number of partitions.
 */
final class CleaningLedger {

    /** What a pair shares with a benchmark, the least of all, by pair id. */
    static final Store<Contamination> CONTAMINATED =
            new Store<>("contaminated", StoreSerdes.avro(Contamination.class), false);

    /** The earliest pair that a pair is much like, by pair id and kind. */
    static final Store<NearDuplicate> ALIKE = new Store<>("alike", StoreSerdes.avro(NearDuplicate.class), false);

    /** Refused rows that have been counted, by batch and ordinal. */
    static final Store<String> REFUSED = new Store<>("refused-rows", Serdes.String(), false);

    /** How often each rule has met something in this task. */
    static final Store<Long> COUNTS = new Store<>("cleaning-counts", Serdes.Long(), true);

    /** Every store of the ledger. */
    static final List<Store<?>> STORES = List.of(CONTAMINATED, ALIKE, REFUSED, COUNTS);

    private final Task task;
    private final KeyValueStore<String, Contamination> contaminated;
    private final KeyValueStore<String, NearDuplicate> alike;
    private final KeyValueStore<String, String> refused;
    private final KeyValueStore<String, Long> counts;

    CleaningLedger(Task task) {
        this.task = task;
        contaminated = task.store(CONTAMINATED);
        alike = task.store(ALIKE);
        refused = task.store(REFUSED);
        counts = task.store(COUNTS);
    }

    /** Takes in a version of a pair, and the version before it. */
    void pair(Pair pair, @Nullable Pair before) {
        if (before == null && pair.getExtra().containsKey("pii_score")) {
            count("pii-score-" + pair.getExtra().get("pii_score"));
        }
        if (pair.getMirrorPairId() != null && (before == null || before.getMirrorPairId() == null)) {
            count("contradiction");
        }
    }

    /** Takes in a refused row. */
    void refused(RejectedInput row) {
        String key = row.getBatch() + "/" + row.getOrdinal();
        if (refused.get(key) == null) {
            refused.put(key, "");
            count(row.getRule());
        }
    }

    /** Takes in a fact on a pair that a benchmark loaded later holds. */
    void contaminated(Contamination fact) {
        Contamination before = contaminated.get(fact.getPairId());
        if (before == null) {
            count(CleaningRules.CONTAMINATED);
        }
        if (before == null || hit(fact).equals(BenchmarkPrompts.lesser(hit(before), hit(fact)))) {
            contaminated.put(fact.getPairId(), fact);
        }
    }

    /** Takes in a fact on a pair that is much like an earlier one. */
    void alike(NearDuplicate fact) {
        boolean mirror = fact.getKind() == SimilarityKind.NEAR_CONTRADICTION;
        String key = key(fact.getPairId(), fact.getKind());
        NearDuplicate before = alike.get(key);
        if (before == null) {
            count(mirror ? "near-contradiction" : CleaningRules.NEAR_DUPLICATE);
        }
        if (before == null || isEarlier(fact, before)) {
            alike.put(key, fact);
        }
    }

    /** What a pair shares with a benchmark; null when nothing is known. */
    BenchmarkPrompts.@Nullable Hit contamination(String pairId) {
        Contamination fact = contaminated.get(pairId);
        return fact == null ? null : hit(fact);
    }

    /** The earliest pair that a pair nearly repeats; null when there is none. */
    @Nullable
    String nearDuplicateOf(String pairId) {
        NearDuplicate fact = alike.get(key(pairId, SimilarityKind.NEAR_DUPLICATE));
        return fact == null ? null : fact.getOtherPairId();
    }

    private void count(String rule) {
        Long before = counts.get(rule);
        long now = before == null ? 1 : before + 1;
        counts.put(rule, now);
        int partition = task.partition();
        task.emit(Topics.CLEANING_COUNTS, rule + "/" + partition, new CleaningCount(rule, partition, now));
    }

    private static BenchmarkPrompts.Hit hit(Contamination fact) {
        return new BenchmarkPrompts.Hit(fact.getBenchmark(), fact.getItem(), fact.getShared());
    }

    private static String key(String pairId, SimilarityKind kind) {
        return pairId + "/" + kind;
    }

    private static boolean isEarlier(NearDuplicate a, NearDuplicate b) {
        return place(a).compareTo(place(b)) < 0;
    }

    private static String place(NearDuplicate fact) {
        return InputOrder.place(fact.getOtherBatch(), fact.getOtherOrdinal(), fact.getOtherPairId());
    }
}
