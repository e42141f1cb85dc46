package io.prefstream.runner.app;

import io.prefstream.core.plan.Planner;
import io.prefstream.core.plan.ScalingCurve;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.TrainingRun;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What the runs of a folder did, cost and reached, as far as they have ended. */
public final class PastRuns {

    private static final int LAST = 999_999_999; // what came after the rounds sorts behind them

    private final TreeMap<String, RoundAccount> accounts = new TreeMap<>();
    private final TreeMap<String, TrainingRun> trainings = new TreeMap<>();
    private final TreeMap<Integer, Map<String, String>> decisions = new TreeMap<>();

    private PastRuns() {}

    /** Reads the runs of a folder. */
    public static PastRuns of(OpenFolder folder) {
        PastRuns runs = new PastRuns();
        try (TopicReader reader = new TopicReader(
                folder.installation(),
                folder.wire(),
                List.of(Topics.ROUND_ACCOUNTS, Topics.TRAINING_RUNS, Topics.ROUNDS))) {
            reader.readToEnd((topic, key, value) -> {
                switch (value) {
                    case RoundAccount account -> runs.add(account);
                    case TrainingRun training -> runs.add(training);
                    case Round round -> runs.add(round);
                    default -> throw new IllegalStateException("unexpected record on " + topic);
                }
            });
        }
        return runs;
    }

    /** Runs made of these records. */
    static PastRuns of(List<RoundAccount> accounts, List<TrainingRun> trainings, List<Round> rounds) {
        PastRuns runs = new PastRuns();
        accounts.forEach(runs::add);
        trainings.forEach(runs::add);
        rounds.forEach(runs::add);
        return runs;
    }

    private void add(RoundAccount account) {
        int place = account.getRound() == 0 ? LAST : account.getRound();
        accounts.put(String.format(Locale.ROOT, "%09d/%09d", account.getRun(), place), account);
    }

    private void add(TrainingRun training) {
        trainings.put(
                String.format(
                        Locale.ROOT, "%09d/%09d/%s", training.getRun(), training.getRound(), training.getFamily()),
                training);
    }

    private void add(Round round) {
        if (round.getPhase().equals("decide")) {
            decisions.put(round.getRun(), round.getSettings());
        }
    }

    /** Accounts in order: of each run its rounds, then what came after them. */
    public Collection<RoundAccount> accounts() {
        return accounts.values();
    }

    /** What the last run decided with; empty when none has. */
    public Map<String, String> decision() {
        return decisions.isEmpty() ? Map.of() : decisions.lastEntry().getValue();
    }

    /** Shares of gold and silver among what the runs ended with; empty when there is nothing to tell them by. */
    public Optional<Planner.Mix> mix() {
        double all = gold() + silver() + stageTwo();
        return gold() > 0 && silver() > 0
                ? Optional.of(new Planner.Mix(0, gold() / all, 0, silver() / all))
                : Optional.empty();
    }

    /**
     * The runs' own scaling curve: accuracy on gold, in points, of models trained on silver labels. Pairs are those of all
     * kinds that go with so many silver ones at the runs' mix.
     *
     * @return empty without three rounds of different sizes, or when accuracy does not rise with them
     */
    public Optional<ScalingCurve> curve() {
        if (silver() <= 0) {
            return Optional.empty();
        }
        double scale = (gold() + silver() + stageTwo()) / silver();
        return ScalingCurve.fitted(
                "own",
                trainings.values().stream()
                        .filter(t -> t.getFamily().equals("silver") && t.getPairs() > 0 && t.getGoldDecided() > 0)
                        .map(t -> new ScalingCurve.Point(
                                Math.round(scale * t.getPairs()), 100 * t.getAccuracy(), t.getGoldDecided()))
                        .toList());
    }

    /** Pairs that people decided. */
    public double gold() {
        return sum(RoundAccount::getGold);
    }

    /** Pairs that judges decided. */
    public double silver() {
        return sum(RoundAccount::getSilver);
    }

    /** Pairs that the last run kept or flipped. */
    public double stageTwo() {
        return verdicts("keep") + verdicts("flip");
    }

    /** US dollars that a silver pair cost in Stage 1; empty when judges took nothing. */
    public Optional<BigDecimal> silverPrice() {
        return price(cost("stage-1", "usd") + describing("stage-1"), silver());
    }

    /** US dollars for a pair of Stage 2, of which few are judged; empty when judges took nothing. */
    public Optional<BigDecimal> stageTwoPrice() {
        return price(cost("stage-2", "usd") + describing("stage-2"), stageTwo());
    }

    /** What describing the pairs of a stage cost, taken as the same a pair. */
    private double describing(String stage) {
        double judged = cost("stage-1", "pairs") + cost("stage-2", "pairs");
        return judged == 0 ? 0 : cost("tagger", "usd") * cost(stage, "pairs") / judged;
    }

    private static Optional<BigDecimal> price(double usd, double pairs) {
        return usd > 0 && pairs > 0
                ? Optional.of(BigDecimal.valueOf(usd / pairs)
                        .round(new MathContext(6))
                        .stripTrailingZeros())
                : Optional.empty();
    }

    private double cost(String stage, String figure) {
        return decision().entrySet().stream()
                .filter(told -> told.getKey().startsWith("cost/" + stage + "/")
                        && told.getKey().endsWith("/" + figure))
                .mapToDouble(told -> Double.parseDouble(told.getValue()))
                .sum();
    }

    private double verdicts(String kind) {
        return accounts.isEmpty()
                ? 0
                : (double) accounts.lastEntry().getValue().getVerdicts().getOrDefault(kind, 0L);
    }

    private double sum(ToLongFunction<RoundAccount> of) {
        return (double) accounts.values().stream().mapToLong(of).sum();
    }
}
