package io.prefstream.bench.evidence;

import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.kittest.FakeLlmServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An LLM that knows the answer and errs on a stated share of the questions, drawn by a hash of the texts. */
final class SimulatedJudge implements Function<FakeLlmServer.Question, String> {

    private static final Pattern CANDIDATE =
            Pattern.compile("<<Candidate ([12]) (\\w+)>>\n(.*?)\n<<end \\2>>", Pattern.DOTALL);

    /**
     * How a judge errs.
     *
     * @param accuracy share of the questions that it answers rightly, 0 to 1
     * @param alike whether it errs on a pair in both orders of the candidates or in neither, so that asking twice can't mend
     *     it; otherwise each order is a question of its own, and where they disagree there is no decision
     */
    record Habit(double accuracy, boolean alike) {

        @Override
        public String toString() {
            return Math.round(100 * accuracy) + (alike ? "-alike" : "-by-order");
        }
    }

    private final Map<String, String> better = new HashMap<>();
    private final Habit habit;
    private final long seed;

    /** A judge of the pairs of a pool; of others it can't tell. */
    SimulatedJudge(Pool pool, Habit habit) throws FileRefused {
        this.habit = habit;
        this.seed = pool.seed();
        PairFiles.read(pool.pairs(), row -> {
            if (row instanceof Candidate pair) {
                Pool.Known known = pool.truth().get(pair.sourceId());
                if (known != null) {
                    better.put(key(pair.chosen(), pair.rejected()), known.right() ? pair.chosen() : pair.rejected());
                }
            }
        });
    }

    @Override
    public String apply(FakeLlmServer.Question question) {
        String target = question.user().substring(question.user().lastIndexOf("# The pair to judge"));
        Map<String, String> texts = new HashMap<>();
        for (Matcher matcher = CANDIDATE.matcher(target); matcher.find(); ) {
            texts.put(matcher.group(1), matcher.group(3));
        }
        String key = key(texts.getOrDefault("1", ""), texts.getOrDefault("2", ""));
        String good = better.get(key);
        if (good == null) {
            return "{\"verdict\": \"cannot_tell\", \"reason\": \"simulated\"}";
        }
        boolean goodFirst = good.equals(texts.get("1"));
        boolean right = Hashes.unit(seed, "judge", habit.alike() ? key : goodFirst + key) < habit.accuracy();
        boolean first = goodFirst == right;
        return "{\"verdict\": \"" + (first ? 1 : 2) + "\", \"reason\": \"simulated\"}";
    }

    private static String key(String one, String other) {
        return String.join("\u0000", new TreeSet<>(List.of(one, other)));
    }
}
