package io.prefstream.trainer.client;

import io.prefstream.core.plan.Allowance;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was ordered, paid and decided, as the topics tell it. Not thread-safe. */
public final class Books {

    /** Before pair id and number in what a person's label cost. */
    public static final String HUMAN = "human/";

    /** Before the pair id in what describing a pair cost. */
    public static final String TAG = "tag/";

    private final Map<String, Double> quotes = new HashMap<>();
    private final List<Cost> described = new ArrayList<>();
    private final Map<String, Long> describedPairs = new HashMap<>();
    private final Set<String> paidLabels = new HashSet<>();
    private long onPeople;
    private long onCalls;
    private final TreeMap<Integer, RunRequest> orders = new TreeMap<>();
    private final Map<String, RoundAccount> accounts = new TreeMap<>();
    private final Map<String, VerdictKind> verdicts = new HashMap<>();
    private long changed;

    void add(Cost cost) {
        long nanos = Allowance.nanos(cost.getUsd());
        if (cost.getState() == CostState.RESERVED) {
            quotes.put(cost.getCallId(), cost.getUsd());
        } else if (cost.getState() == CostState.SPENT && cost.getCallId().startsWith(HUMAN)) {
            onPeople += paidLabels.add(cost.getCallId()) ? nanos : 0;
        } else if (cost.getState() == CostState.SPENT) {
            onCalls += nanos;
            if (cost.getCallId().startsWith(TAG)) {
                described.add(cost);
                describedPairs.merge(cost.getCallId().substring(TAG.length()), nanos, Long::sum);
            }
        }
    }

    void add(RunRequest order) {
        orders.put(order.getRun(), order);
    }

    void add(RoundAccount account) {
        accounts.put(String.format(Locale.ROOT, "%09d/%09d", account.getRun(), account.getRound()), account);
    }

    void add(Verdict verdict) {
        VerdictKind before = verdicts.put(verdict.getPairId(), verdict.getVerdict());
        changed += before != null && before != verdict.getVerdict() ? 1 : 0;
    }

    /** The most that something can cost, US dollars, by what it is for; null when nobody quoted it. */
    public @Nullable Double quote(String callId) {
        return quotes.get(callId);
    }

    /** Nano-dollars spent on calls. */
    public long onCalls() {
        return onCalls;
    }

    /** Nano-dollars spent on people. */
    public long onPeople() {
        return onPeople;
    }

    /** Whether a person's label was paid, by what it is for. */
    public boolean paid(String callId) {
        return paidLabels.contains(callId);
    }

    /** Number of labels that were paid. */
    public int paidLabels() {
        return paidLabels.size();
    }

    /** What describing pairs cost, one a description. */
    public List<Cost> described() {
        return described;
    }

    /** Nano-dollars that describing a pair cost. */
    public long described(String pairId) {
        return describedPairs.getOrDefault(pairId, 0L);
    }

    /** The order of a run; null when it is not known. */
    public @Nullable RunRequest order(int run) {
        return orders.get(run);
    }

    /** Every account so far, each once. */
    public Collection<RoundAccount> accounts() {
        return accounts.values();
    }

    /** Pairs by the verdict in force, by its name in lower case. */
    public Map<String, Long> verdicts() {
        Map<String, Long> counts = new TreeMap<>();
        verdicts.values().forEach(kind -> counts.merge(kind.name().toLowerCase(Locale.ROOT), 1L, Long::sum));
        return counts;
    }

    /** Verdicts that became another, since the beginning. */
    public long changed() {
        return changed;
    }
}
