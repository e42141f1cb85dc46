package io.prefstream.trainer.round;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.select.HeadPosterior;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Selection;
import io.prefstream.core.select.Strategy;
import io.prefstream.core.stats.AdaptiveK;
import io.prefstream.core.stats.Hashes;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Families;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.ScoringSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Chooses the pairs that a round labels: by retrieval, which the evaluation of gold sets off, or here by another strategy. */
final class Fetching {

    /** Tells the label verifier that it labels admitted requests only. */
    static final String ADMITTED_ONLY = "fetched/admitted-only";

    /** Family of the best of the run's own heads, told from step to step. */
    static final String BEST_HEADS = "best/heads";

    private final RunFacts run;
    private final StepRecords records;

    Fetching(RunFacts run, StepRecords records) {
        this.run = run;
        this.records = records;
    }

    /** Whether what retrieval fetched must find room under quotas, which only the whole round's requests can tell. */
    static boolean admits(RunFacts run) {
        return run.settings().strategy() == Strategy.SIMILARITY
                && !run.settings().quotas().isEmpty();
    }

    /** Asks for labels, as many as the anchors of the gold pairs would, and draws the control arm. */
    void fetch(Map<String, String> told, String bestFamily) {
        int round = records.round();
        int wanted = wanted(told, bestFamily);
        int drawn = (int) Math.round(run.settings().control() * wanted);
        Strategy strategy = run.settings().strategy();
        if (strategy == Strategy.SIMILARITY) {
            records.score("evaluate", round, run.members(told, bestFamily, false), ScoringSet.EVALUATE);
        }
        List<Facts.Features> open = open();
        Set<String> control = new LinkedHashSet<>(open.stream()
                .map(Facts.Features::pairId)
                .sorted(Hashes.order(run.settings().seed(), "control/" + round))
                .limit(drawn)
                .toList());
        control.forEach(pair -> records.request(pair, 0, Strategy.CONTROL));
        if (strategy != Strategy.SIMILARITY) {
            open.removeIf(pair -> control.contains(pair.pairId()));
            choose(open, told, bestFamily, wanted - control.size(), "fetch/" + round)
                    .forEach(pick -> records.request(pick.id(), pick.score(), strategy.wireName()));
        }
    }

    /** Pairs that nobody has labelled. */
    List<Facts.Features> open() {
        List<Facts.Features> open = new ArrayList<>(run.pool());
        open.removeIf(pair -> run.facts().silver().containsKey(pair.pairId()));
        return open;
    }

    /** The next pairs by the run's strategy, which isn't similarity, among open ones. */
    List<Selection.Pick> choose(
            List<Facts.Features> open, Map<String, String> told, String bestFamily, int count, String purpose) {
        List<Selection.Candidate> candidates = candidates(open, told, bestFamily);
        long seed = run.settings().seed();
        Quotas quotas = run.settings().quotas();
        return switch (run.settings().strategy()) {
            case POSTERIOR -> {
                Standardizer scales = run.scales();
                Map<String, Facts.Features> features = new HashMap<>();
                open.forEach(f -> features.put(f.pairId(), f));
                yield Selection.posterior(
                        candidates,
                        pair -> scales.apply(
                                Objects.requireNonNull(features.get(pair)).diff()),
                        posterior(told, scales),
                        count,
                        quotas,
                        seed,
                        purpose);
            }
            case DISAGREEMENT -> Selection.disagreement(candidates, count, quotas, seed, purpose);
            case RANDOM -> Selection.random(candidates, count, quotas, seed, purpose);
            case SIMILARITY -> throw new IllegalStateException("similarity is retrieval's own search");
        };
    }

    /** The family of heads that stands for the best, which has scored no open pair when it was trained outside. */
    private static String heads(Map<String, String> told, String bestFamily) {
        return told.getOrDefault(BEST_HEADS, bestFamily);
    }

    /** Pairs with the margins of models that have not seen them. */
    private List<Selection.Candidate> candidates(
            List<Facts.Features> open, Map<String, String> told, String bestFamily) {
        Map<String, BradleyTerryHead> heads = new HashMap<>();
        BradleyTerryHead gold = head(heads, told.getOrDefault("family/gold/-1", ""));
        return open.stream()
                .map(f -> {
                    float[] diff = f.diff();
                    String best = told.getOrDefault(heads(told, bestFamily) + "/" + run.fold(f.pairId()), "");
                    return new Selection.Candidate(
                            f.pairId(),
                            run.facts().stratum(f.pairId()),
                            head(heads, best).margin(diff),
                            gold.margin(diff));
                })
                .toList();
    }

    /** A pair that retrieval fetched, for so many anchors. */
    private record Fetched(String pairId, int times, boolean control) {}

    /**
     * Lets through what retrieval fetched and quotas have room for, the pairs of most anchors first, equal ones by hash.
     * With LLM judges this is part of their admission instead.
     */
    StepWork.Found admit() {
        List<Fetched> all = new ArrayList<>();
        run.facts().requests().forEach((pair, requests) -> {
            boolean open = !run.facts().silver().containsKey(pair)
                    && requests.stream().noneMatch(r -> r.getStrategy().equals(StepRecords.ADMITTED));
            int times = (int) requests.stream().filter(Fetching::chosen).count();
            if (open && times > 0) {
                all.add(new Fetched(pair, times, control(requests)));
            }
        });
        all.sort(Comparator.comparingInt(Fetched::times)
                .reversed()
                .thenComparing(Fetched::pairId, Hashes.order(run.settings().seed(), "admit")));
        Quotas.Room room = run.settings().quotas().room(all.size());
        for (Fetched pair : all) {
            if (pair.control() || room.take(run.facts().stratum(pair.pairId()))) {
                records.request(pair.pairId(), pair.times(), StepRecords.ADMITTED);
            }
        }
        return records.step(Phase.LABEL, run.told());
    }

    /** Whether a strategy chose the pair, rather than a judge's last step or the budget. */
    static boolean chosen(LabelRequest request) {
        return request.getStrategy().equals(Strategy.CONTROL)
                || Strategy.names().contains(request.getStrategy());
    }

    /** Whether the pair is of the control arm. */
    static boolean control(List<LabelRequest> requests) {
        return requests.stream().anyMatch(r -> r.getStrategy().equals(Strategy.CONTROL));
    }

    private int wanted(Map<String, String> told, String bestFamily) {
        String request = run.request("gold", RunFacts.roundOf(bestFamily));
        int wanted = 0;
        for (Facts.Features pair : run.gold()) {
            Double margin = run.facts()
                    .margin(request, pair.pairId(), told.getOrDefault(bestFamily + "/" + run.fold(pair.pairId()), ""));
            wanted += margin == null ? 0 : AdaptiveK.of(run.isRight(pair) ? margin : -margin);
        }
        return wanted;
    }

    /** Of the gold head's weights; a silver label counts as looked at, though the head did not train on it. */
    private HeadPosterior posterior(Map<String, String> told, Standardizer scales) {
        BradleyTerryHead gold = head(new HashMap<>(), told.getOrDefault("family/gold/-1", ""));
        List<float[]> rows = new ArrayList<>();
        List<Double> information = new ArrayList<>();
        Stream.concat(run.gold().stream(), run.silver().stream()).forEach(pair -> {
            float[] diff = pair.diff();
            rows.add(scales.apply(diff));
            information.add(Selection.Candidate.information(gold.margin(diff)));
        });
        return HeadPosterior.of(
                rows.toArray(float[][]::new),
                information.stream().mapToDouble(i -> i).toArray(),
                scales.scale().length,
                Double.parseDouble(told.getOrDefault("l2/gold", Double.toString(Families.GOLD_L2)))
                        * run.gold().size());
    }

    private BradleyTerryHead head(Map<String, BradleyTerryHead> heads, String checkpoint) {
        return heads.computeIfAbsent(checkpoint, id -> {
            Checkpoint announced = run.facts().checkpoint(id);
            if (announced == null || announced.getInline() == null) {
                throw new IllegalStateException("no head of checkpoint '" + id + "'");
            }
            byte[] bytes = new byte[announced.getInline().remaining()];
            announced.getInline().duplicate().get(bytes);
            return BradleyTerryHead.decode(bytes, BradleyTerryHead.featuresHash(List.of(announced.getFeatureSet())));
        });
    }
}
