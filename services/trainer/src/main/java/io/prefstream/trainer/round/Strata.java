package io.prefstream.trainer.round;

import io.prefstream.core.select.Stratum;
import io.prefstream.core.verdict.Thresholds;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The run's figures by stratum and by strategy, as {@code name=count} words. Strata under 2 % of the pairs are one. */
final class Strata {

    /** Before the name of a stratum among the settings of the last step. */
    static final String STRATUM = "stratum/";

    /** Before the name of a strategy there. */
    static final String FETCHED = "fetched-by/";

    private static final String OTHERS = "others";
    private static final double LEAST = 0.02;

    private final RunFacts run;
    private final Map<String, Map<String, Integer>> rows = new TreeMap<>();
    private final Map<Stratum, Integer> sizes = new LinkedHashMap<>();

    private Strata(RunFacts run) {
        this.run = run;
        run.facts().features().keySet().forEach(pair -> sizes.merge(run.facts().stratum(pair), 1, Integer::sum));
    }

    /**
     * Tells the figures.
     *
     * @param counted gold pairs that gates count
     * @param p their p_right out of fold
     */
    static void tell(RunFacts run, Map<String, String> told, List<Facts.Features> counted, double[] p) {
        Strata strata = new Strata(run);
        strata.count(told);
        strata.keep(counted, p);
        strata.rows.forEach((name, row) -> told.put(
                name,
                row.entrySet().stream()
                        .map(cell -> cell.getKey() + "=" + cell.getValue())
                        .collect(Collectors.joining(" "))));
    }

    private void count(Map<String, String> told) {
        String best = told.getOrDefault("best", "family/pool");
        for (String pair : run.facts().features().keySet()) {
            Map<String, Integer> row = row(pair);
            add(row, "pairs", true);
            add(
                    row,
                    "fetched",
                    run.facts().requests().getOrDefault(pair, List.of()).stream()
                            .anyMatch(Fetching::chosen));
            Label silver = run.facts().silver().get(pair);
            add(row, "silver", silver != null && decided(silver));
            add(row, "silver_against", silver != null && silver.getOutcome() == LabelOutcome.REJECTED);
            add(row, "gold", false);
            add(row, "gold_right", false);
            add(row, "best_right", false);
            add(row, "kept_gold", false);
            add(row, "kept_gold_right", false);
        }
        for (Facts.Features pair : run.gold()) {
            Map<String, Integer> row = row(pair.pairId());
            add(row, "gold", true);
            add(row, "gold_right", run.isRight(pair));
            add(row, "best_right", run.correct(List.of(pair), RunFacts.roundOf(best), told, best) == 1);
        }
        run.facts()
                .requests()
                .forEach((pair, requests) -> requests.stream()
                        .filter(Fetching::chosen)
                        .map(request -> request.getStrategy())
                        .distinct()
                        .forEach(strategy -> {
                            Map<String, Integer> row =
                                    rows.computeIfAbsent(FETCHED + strategy, name -> new LinkedHashMap<>());
                            Label silver = run.facts().silver().get(pair);
                            add(row, "pairs", true);
                            add(row, "silver", silver != null && decided(silver));
                            add(row, "silver_against", silver != null && silver.getOutcome() == LabelOutcome.REJECTED);
                        }));
    }

    private void keep(List<Facts.Features> counted, double[] p) {
        Thresholds thresholds =
                new Thresholds(run.settings().keep(), run.settings().flip());
        for (int i = 0; i < p.length; i++) {
            boolean kept = p[i] >= thresholds.keep();
            Map<String, Integer> row = row(counted.get(i).pairId());
            add(row, "kept_gold", kept);
            add(row, "kept_gold_right", kept && run.isRight(counted.get(i)));
        }
    }

    private Map<String, Integer> row(String pair) {
        Stratum stratum = run.facts().stratum(pair);
        int pairs = sizes.getOrDefault(stratum, 0);
        boolean few = pairs < LEAST * run.facts().features().size();
        return rows.computeIfAbsent(STRATUM + (few ? OTHERS : stratum), name -> new LinkedHashMap<>());
    }

    private static boolean decided(Label label) {
        return label.getOutcome() == LabelOutcome.CHOSEN || label.getOutcome() == LabelOutcome.REJECTED;
    }

    private static void add(Map<String, Integer> row, String name, boolean counts) {
        row.merge(name, counts ? 1 : 0, Integer::sum);
    }
}
