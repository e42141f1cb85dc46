package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.plan.Planner;
import io.prefstream.core.plan.Planner.Plan;
import io.prefstream.core.plan.ScalingCurve;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.PastRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what to buy for a budget, or for a target score. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Says how many pairs people, judges and Stage 2 should take for a budget or a target score, what that costs and"
                    + " what to expect of it. A plan that passes the budget is refused.",
            "It goes by the scaling curve and mix of the paper, or of the runs in --data-dir once they tell enough."
        })
final class PlanCommand implements Callable<Integer> {

    private static final BigDecimal PAPER_HUMAN = new BigDecimal("0.50");
    private static final BigDecimal PAPER_SILVER = new BigDecimal("0.05");
    private static final BigDecimal PAPER_STAGE_TWO = new BigDecimal("0.01");

    /** The paper's gold (some 10^5) and silver (roughly a million) pairs of the 15.5 million of its curve. */
    private static final Planner.Mix PAPER_MIX =
            new Planner.Mix(0, 100_000 / 15_488_000.0, 0, 1_000_000 / 15_488_000.0);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--target-score",
            paramLabel = "POINTS",
            description =
                    "Score to reach, 0..100: of the paper's six benchmarks, or of gold accuracy by the own curve.")
    private @Nullable Double target;

    @Option(names = "--budget", paramLabel = "USD", description = "US dollars that the plan may cost.")
    private @Nullable BigDecimal budget;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder whose runs' curve, mix and costs count.")
    private @Nullable Path folder;

    @Option(
            names = "--curve",
            paramLabel = "FILE",
            description = "Scaling curve to go by, the curve.json of an ablation with a hold-out.")
    private @Nullable Path curve;

    @Option(names = "--price-human", paramLabel = "USD", description = "A gold pair (human.price, else 0.50).")
    private @Nullable BigDecimal human;

    @Option(names = "--price-judge", paramLabel = "USD", description = "A silver pair of Stage 1 (own, else 0.05).")
    private @Nullable BigDecimal judge;

    @Option(names = "--price-stage-2", paramLabel = "USD", description = "A pair of Stage 2 (own, else 0.01).")
    private @Nullable BigDecimal stageTwo;

    @Option(names = "--gold", paramLabel = "N", description = "Gold pairs, instead of a share of all.")
    private @Nullable Long gold;

    @Option(names = "--silver", paramLabel = "N", description = "Silver pairs, instead of a share of all.")
    private @Nullable Long silver;

    @Option(names = "--pairs", paramLabel = "N", description = "Most pairs there are, of all kinds together.")
    private @Nullable Long pairs;

    @Option(
            names = "--human-seconds",
            paramLabel = "S",
            defaultValue = "60",
            description = "Seconds that a person takes for a pair (${DEFAULT-VALUE}).")
    private double humanSeconds;

    @Option(
            names = "--judge-seconds",
            paramLabel = "S",
            defaultValue = "0.5",
            description = "Seconds that the judges take for a pair, calls at once counted together (${DEFAULT-VALUE}).")
    private double judgeSeconds;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    /** What a plan goes by, and where each comes from. */
    private record Basis(Planner planner, String mix, String precision) {}

    @Override
    public Integer call() throws IOException {
        check();
        Basis basis = basis();
        Plan plan = solve(basis.planner());
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(json(basis, plan));
        } else {
            print(basis, plan, to);
        }
        to.flush();
        return 0;
    }

    private void check() {
        if (target == null && budget == null) {
            throw new UserError("give --budget, --target-score, or both", 2);
        }
        if (target != null && !(target >= 0 && target <= 100)) {
            throw new UserError("--target-score must lie in 0..100, got " + target, 2);
        }
        for (BigDecimal amount : new BigDecimal[] {budget, human, judge, stageTwo}) {
            if (amount != null && amount.signum() < 0) {
                throw new UserError("an amount of money must not be negative, got " + amount, 2);
            }
        }
        for (Long count : new Long[] {gold, silver, pairs}) {
            if (count != null && count < 0) {
                throw new UserError("a number of pairs must not be negative, got " + count, 2);
            }
        }
        if (!(humanSeconds >= 0 && judgeSeconds >= 0)) {
            throw new UserError("seconds must not be negative", 2);
        }
    }

    private Basis basis() {
        if (folder == null) {
            return basis(null);
        }
        DataFolderOption option = new DataFolderOption();
        option.folder = folder;
        try (OpenFolder open = option.open()) {
            return basis(PastRuns.of(open));
        }
    }

    private Basis basis(@Nullable PastRuns own) {
        Optional<ScalingCurve> ownCurve = Optional.ofNullable(own).flatMap(PastRuns::curve);
        Optional<Planner.Mix> ownMix = ownCurve.isPresent() && own != null ? own.mix() : Optional.empty();
        Planner.Mix shares = ownMix.orElse(PAPER_MIX);
        Planner.Rates rates = new Planner.Rates(
                human != null ? human : ownHumanPrice(own).orElse(PAPER_HUMAN),
                judge != null
                        ? judge
                        : Optional.ofNullable(own)
                                .flatMap(PastRuns::silverPrice)
                                .orElse(PAPER_SILVER),
                stageTwo != null
                        ? stageTwo
                        : Optional.ofNullable(own)
                                .flatMap(PastRuns::stageTwoPrice)
                                .orElse(PAPER_STAGE_TWO));
        Planner.Mix mix = new Planner.Mix(
                gold == null ? 0 : gold,
                gold == null ? shares.goldShare() : 0,
                silver == null ? 0 : silver,
                silver == null ? shares.silverShare() : 0);
        Planner planner = new Planner(
                curve != null ? read(curve) : ownCurve.orElseGet(ScalingCurve::paper),
                rates,
                mix,
                pairs == null ? Long.MAX_VALUE : pairs);
        String precision = own == null ? "" : own.decision().getOrDefault("answer/gold/3 KEEP", "");
        String note = own == null || ownCurve.isPresent()
                ? ""
                : "; the folder's own curve needs three rounds of different sizes in which accuracy rises";
        return new Basis(planner, (ownMix.isPresent() ? "own" : "paper") + note, precision);
    }

    private static ScalingCurve read(Path file) {
        try {
            JsonNode read = new ObjectMapper().readTree(file.toFile());
            List<ScalingCurve.Point> points = new ArrayList<>();
            for (JsonNode point : read.path("points")) {
                points.add(new ScalingCurve.Point(
                        point.path("pairs").asLong(),
                        point.path("score").asDouble(),
                        point.path("weight").asDouble()));
            }
            return ScalingCurve.fitted(read.path("name").asText("curve"), points)
                    .orElseThrow(
                            () -> new UserError(file + " is no rising curve of three sizes or more: --curve takes the"
                                    + " curve.json of an ablation with a hold-out"));
        } catch (IOException e) {
            throw new UserError("cannot read the curve " + file + ": " + e.getMessage());
        }
    }

    private static Optional<BigDecimal> ownHumanPrice(@Nullable PastRuns own) {
        return Optional.ofNullable(own)
                .map(runs -> runs.decision().get("run/human.price"))
                .map(BigDecimal::new);
    }

    private Plan solve(Planner planner) {
        Plan cheapest = planner.cheapest()
                .orElseThrow(() ->
                        new UserError("the curve begins at " + planner.curve().least() + " pairs and ends at "
                                + planner.curve().most() + ", and says nothing of "
                                + (pairs == null ? "so many gold and silver pairs" : "at most " + pairs)));
        if (target == null) {
            BigDecimal most = budget == null ? BigDecimal.ZERO : budget;
            return planner.forBudget(most)
                    .orElseThrow(() -> new UserError("$" + most.toPlainString()
                            + " buys no plan: the cheapest possible costs " + usd(cheapest.usd()) + ", for "
                            + count(cheapest) + " pairs, where the curve begins"));
        }
        Plan plan = planner.forTarget(target).orElseThrow(() -> {
            Plan most = planner.largest().orElse(cheapest);
            return new UserError(String.format(
                    Locale.ROOT,
                    "no plan reaches %s points: the most that can be expected is %.2f, of %d pairs for %s",
                    target,
                    most.score(),
                    count(most),
                    usd(most.usd())));
        });
        if (budget != null && plan.usd().compareTo(budget) > 0) {
            String instead = planner.forBudget(budget)
                    .map(within -> String.format(Locale.ROOT, "; the budget reaches %.2f points", within.score()))
                    .orElse("");
            throw new UserError("refused: the cheapest plan for " + target + " points costs " + usd(plan.usd())
                    + ", more than the budget of $" + budget.toPlainString() + instead);
        }
        return plan;
    }

    private void print(Basis basis, Plan plan, PrintWriter to) {
        Planner.Rates rates = basis.planner().rates();
        String row = "%-8s  %12s  %12s  %16s%n";
        to.printf(row, "", "pairs", "usd a pair", "usd");
        to.printf(row, "gold", plan.gold(), rates.gold().toPlainString(), amount(plan.goldUsd()));
        to.printf(row, "silver", plan.silver(), rates.silver().toPlainString(), amount(plan.silverUsd()));
        to.printf(row, "stage 2", plan.stageTwo(), rates.stageTwo().toPlainString(), amount(plan.stageTwoUsd()));
        to.printf(row, "in all", count(plan), "", amount(plan.usd()));
        to.printf(
                Locale.ROOT,
                "Expected score: %.2f points, 90 %% interval %.2f to %.2f (curve: %s; mix: %s)%n",
                plan.score(),
                plan.low(),
                plan.high(),
                basis.planner().curve().name(),
                basis.mix());
        to.printf(
                Locale.ROOT, "Time: %.1f hours of people, %.1f hours of judges%n", humanHours(plan), judgeHours(plan));
        if (!basis.precision().isEmpty()) {
            to.println("KEEP in the last run: " + basis.precision());
        }
    }

    private String json(Basis basis, Plan plan) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode out = mapper.createObjectNode();
        out.put("curve", basis.planner().curve().name()).put("mix", basis.mix());
        Planner.Rates rates = basis.planner().rates();
        part(out, "gold", plan.gold(), rates.gold(), plan.goldUsd());
        part(out, "silver", plan.silver(), rates.silver(), plan.silverUsd());
        part(out, "stage_2", plan.stageTwo(), rates.stageTwo(), plan.stageTwoUsd());
        out.put("pairs", count(plan)).put("usd", plan.usd());
        out.putObject("score")
                .put("expected", plan.score())
                .put("low", plan.low())
                .put("high", plan.high());
        out.putObject("hours").put("people", humanHours(plan)).put("judges", judgeHours(plan));
        if (!basis.precision().isEmpty()) {
            out.put("keep", basis.precision());
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(out);
    }

    private static void part(ObjectNode out, String name, long pairs, BigDecimal price, BigDecimal usd) {
        out.putObject(name).put("pairs", pairs).put("usd_a_pair", price).put("usd", usd);
    }

    private double humanHours(Plan plan) {
        return plan.gold() * humanSeconds / 3600;
    }

    private double judgeHours(Plan plan) {
        return (plan.silver() + plan.stageTwo()) * judgeSeconds / 3600;
    }

    private static long count(Plan plan) {
        return plan.gold() + plan.silver() + plan.stageTwo();
    }

    private static String usd(BigDecimal amount) {
        return "$" + amount(amount);
    }

    private static String amount(BigDecimal usd) {
        return usd.setScale(2, RoundingMode.UP).toPlainString();
    }
}
