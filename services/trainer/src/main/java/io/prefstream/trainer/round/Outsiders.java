package io.prefstream.trainer.round;

import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.TrainingRun;
import java.util.List;
import java.util.Map;

/**
 * Models that were trained outside and read text. A run takes those that were announced before it began: each competes on gold
 * with the run's own heads, and the best decides. Those that do not may score a share of the pool beside it.
 *
 * <p>Whether such a model has trained on the gold pairs, nobody here can know: then it looks better than it is.
 */
final class Outsiders {

    private static final String TOLD = "outside";

    private Outsiders() {}

    /** Enters the models that have been announced; returns their ids. */
    static List<String> enter(RunFacts run, Map<String, String> told) {
        List<String> ids = run.facts().textModels();
        for (String id : ids) {
            for (int fold = -1; fold < run.settings().folds(); fold++) {
                told.put(family(id) + "/" + fold, id);
            }
        }
        if (!ids.isEmpty()) {
            told.put(TOLD, String.join(",", ids));
        }
        return ids;
    }

    /** Ids of the models that a run took. */
    static List<String> of(Map<String, String> told) {
        String ids = told.getOrDefault(TOLD, "");
        return ids.isEmpty() ? List.of() : List.of(ids.split(",", -1));
    }

    /** What a training's record calls the family of such a model, its only member. */
    static String kind(String id) {
        return TOLD + "/" + id;
    }

    private static String family(String id) {
        return RunFacts.family(kind(id), 1);
    }

    /** Whether a family is one of these. */
    static boolean is(String family) {
        return family.startsWith(family(""));
    }

    /** Says how each did on gold, and how often a shadow is on the best model's side. */
    static void tell(RunFacts run, Map<String, String> told) {
        String best = told.getOrDefault("best", "");
        for (TrainingRun training : run.facts().trainings(run.run())) {
            String family = RunFacts.family(training.getFamily(), training.getRound());
            if (!is(family)) {
                continue;
            }
            String id = told.getOrDefault(family + "/-1", "");
            String end = family.equals(best) ? "; it decides" : beside(run, told, best, id);
            Answers.outsider(told, id, training.getGoldCorrect(), training.getGoldDecided(), end);
        }
    }

    private static String beside(RunFacts run, Map<String, String> told, String best, String id) {
        int both = 0;
        int alike = 0;
        for (Facts.Features pair : run.pool()) {
            String member = told.getOrDefault(best + "/" + run.fold(pair.pairId()), "");
            Double its = run.facts().margin(run.finalRequest(told), pair.pairId(), id);
            Double bests = run.facts().margin(run.finalRequest(told), pair.pairId(), member);
            if (its != null && bests != null) {
                both++;
                alike += its > 0 == bests > 0 ? 1 : 0;
            }
        }
        return both == 0 ? "" : "; on the best model's side in " + alike + " of " + both + " pool pairs";
    }
}
