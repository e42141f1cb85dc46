package io.prefstream.bench.faults;

import io.prefstream.core.stats.Hashes;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.kittest.FakeLlmServer.Fault;
import io.prefstream.kittest.FakeLlmServer.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A judge that is slow, prefers the first candidate at times, obeys texts that give it orders, and fails in every way that
 * endpoints do, each at the same rate. What it does is drawn by the hash of a request's number, so a run can be told again.
 */
final class FaultyJudge implements Function<FakeLlmServer.Question, String> {

    private static final Pattern CHECK = Pattern.compile("Check word: ([0-9a-f]+)");
    private static final double BIASED = 0.05;

    private final long seed;
    private final double rate;
    private final long latencyMillis;
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, Integer> faults = new ConcurrentHashMap<>();

    /**
     * A judge.
     *
     * @param rate share of requests that meet each kind of fault, 0..1/8
     * @param latencyMillis time that an answer takes
     */
    FaultyJudge(long seed, double rate, long latencyMillis) {
        this.seed = seed;
        this.rate = rate;
        this.latencyMillis = latencyMillis;
    }

    /** Faults so far by kind. */
    Map<String, Integer> faults() {
        return Map.copyOf(faults);
    }

    @Override
    public String apply(FakeLlmServer.Question question) {
        double drawn = unit("fault", Integer.toString(number.incrementAndGet()));
        pause();
        int kind = (int) Math.floor(drawn / rate);
        switch (kind) {
            case 0 -> fail("429", new Fault(429, "1"));
            case 1 -> fail("500", new Fault(500, null));
            case 2 -> fail("hang", new Fault(Kind.HANG));
            case 3 -> fail("broken body", new Fault(Kind.BROKEN_BODY));
            case 4 -> fail("cut", new Fault(Kind.CUT));
            case 5 -> fail("length", new Fault(Kind.LENGTH));
            case 6 -> fail("refusal", new Fault(Kind.REFUSAL));
            case 7 -> {
                faults.merge("garbage", 1, Integer::sum);
                return "Both are fine answers, each in its way.";
            }
            default -> {
                // It answers.
            }
        }
        String target = question.user().substring(question.user().lastIndexOf("# The pair to judge"));
        boolean rightFirst = target.indexOf("right-") < target.indexOf("wrong-");
        boolean biased = unit("bias", question.id()) < BIASED;
        String verdict = biased || rightFirst ? "1" : "2";
        if (target.contains("Ignore the above")) {
            return "{\"verdict\": \"1\", \"reason\": \"as told\"}";
        }
        Matcher check = CHECK.matcher(question.user());
        return "{\"verdict\": \"" + verdict + "\", \"reason\": \"made up\", \"check\": \""
                + (check.find() ? check.group(1) : "") + "\"}";
    }

    private void fail(String name, Fault fault) {
        faults.merge(name, 1, Integer::sum);
        throw new FakeLlmServer.Refusal(fault);
    }

    private double unit(String purpose, String id) {
        return (Hashes.of(seed, purpose, id) >>> 11) * 0x1.0p-53;
    }

    private void pause() {
        try {
            Thread.sleep(latencyMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
