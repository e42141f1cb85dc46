package io.prefstream.trainer.round;

import io.prefstream.core.bias.Trait;
import io.prefstream.core.bias.TraitBias;
import io.prefstream.core.calibration.Calibration;
import io.prefstream.trainer.client.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Measures families on what is recorded: how far their probabilities hold, and what sways them. */
final class Measuring {

    private final RunFacts run;

    Measuring(RunFacts run) {
        this.run = run;
    }

    /** Figures of a family on gold, each pair by the member that has not seen it. */
    Map<String, Double> onGold(List<Facts.Features> gold, int round, Map<String, String> told, String family) {
        if (gold.isEmpty()) {
            return Map.of();
        }
        double[] margins = run.margins(gold, round, told, family);
        boolean[] right = new boolean[gold.size()];
        int[] folds = new int[gold.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = run.isRight(gold.get(i));
            folds[i] = run.fold(gold.get(i).pairId());
        }
        return Calibration.of(margins, right, folds, run.settings().folds()).metrics();
    }

    /**
     * What sways a model, on the pool and on gold; pairs that it has not scored are left out.
     *
     * @param margin margin of a pair by a member that has not seen it
     */
    Map<String, Double> bias(Function<Facts.Features, @Nullable Double> margin) {
        Map<String, Double> metrics = new TreeMap<>();
        List<Scored> pool = scored(run.pool(), margin);
        List<Scored> gold = scored(run.gold(), margin);
        for (Trait trait : Trait.values()) {
            List<Scored> poolOf = pool.stream().filter(s -> s.has(trait)).toList();
            List<Scored> goldOf = gold.stream().filter(s -> s.has(trait)).toList();
            boolean[] right = new boolean[goldOf.size()];
            for (int i = 0; i < right.length; i++) {
                right[i] = run.isRight(goldOf.get(i).pair());
            }
            metrics.putAll(
                    TraitBias.of(traits(poolOf, trait), margins(poolOf), traits(goldOf, trait), margins(goldOf), right)
                            .metrics(trait));
        }
        return metrics;
    }

    private record Scored(Facts.Features pair, double margin, Map<Trait, Double> traits) {
        boolean has(Trait trait) {
            return traits.containsKey(trait);
        }
    }

    private static List<Scored> scored(List<Facts.Features> pairs, Function<Facts.Features, @Nullable Double> margin) {
        List<Scored> scored = new ArrayList<>();
        for (Facts.Features pair : pairs) {
            Double of = margin.apply(pair);
            if (of != null) {
                float[] diff = pair.diff();
                Map<Trait, Double> traits = new TreeMap<>();
                for (Trait trait : Trait.values()) {
                    OptionalDouble value = trait.of(diff, pair.emoji());
                    value.ifPresent(v -> traits.put(trait, v));
                }
                scored.add(new Scored(pair, of, traits));
            }
        }
        return scored;
    }

    private static double[] traits(List<Scored> pairs, Trait trait) {
        return pairs.stream()
                .mapToDouble(s -> s.traits().getOrDefault(trait, 0.0))
                .toArray();
    }

    private static double[] margins(List<Scored> pairs) {
        return pairs.stream().mapToDouble(Scored::margin).toArray();
    }
}
