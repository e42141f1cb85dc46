package io.prefstream.core.agreement;

import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Models of people and of language models that judge pairs. People's is learnt from people alone, since their labels are
 * what judges and reward models are measured by; the judges' takes what people say of a pair as its truth, and judges' own
 * agreement elsewhere.
 *
 * @param people model of the people
 * @param judges model of the language models
 */
public record RaterModels(AnnotatorModel people, AnnotatorModel judges) {

    /** Before a judge's name in the settings of a decision that tell its confusion matrix. */
    public static final String JUDGE_SETTING = "fusion/judge/";

    /**
     * What several annotators say of a pair together.
     *
     * @param decided CHOSEN or REJECTED; null when neither reaches {@link AnnotatorModel#DECIDED}
     * @param pRight probability that the original label is right, a tie counting half
     */
    public record Fused(@Nullable Choice decided, double pRight) {}

    /** Learns both models from all votes; those of reward models are left out. */
    public static RaterModels fit(Collection<Cast> votes) {
        DawidSkene.Result people = DawidSkene.fit(of(votes, RaterKind.HUMAN), DawidSkene.Options.SMOOTHED);
        Map<String, double[]> settled = new HashMap<>();
        for (int i = 0; i < people.items().size(); i++) {
            settled.put(people.items().get(i), people.posteriors()[i]);
        }
        DawidSkene.Result judges = DawidSkene.fit(of(votes, RaterKind.JUDGE), DawidSkene.Options.SMOOTHED, settled);
        return new RaterModels(people.model(), judges.model());
    }

    private static Votes of(Collection<Cast> votes, RaterKind kind) {
        Map<String, String> categories = new HashMap<>();
        List<Votes.Vote> some = votes.stream()
                .filter(cast -> cast.kind() == kind && cast.choice() != null)
                .map(cast -> {
                    categories.merge(cast.pair(), cast.category(), (a, b) -> a.compareTo(b) > 0 ? a : b);
                    return new Votes.Vote(
                            cast.pair(),
                            cast.annotator(),
                            Objects.requireNonNull(cast.choice()).index());
                })
                .toList();
        return Votes.of(Choice.CLASSES, some, categories);
    }

    /**
     * Fuses the votes on a pair. Both answers are taken as equally likely the better one before the votes, so that a lone
     * vote is not overruled by what is usual in the pool.
     */
    public static Fused fuse(AnnotatorModel model, Collection<Ballot> ballots, String category) {
        if (ballots.isEmpty()) {
            return new Fused(null, 0.5);
        }
        double[] alike = new double[Choice.CLASSES];
        Arrays.fill(alike, 1.0 / Choice.CLASSES);
        double[] p = new AnnotatorModel(alike, model.annotators(), model.newcomer()).posterior(ballots, category);
        double chosen = p[Choice.CHOSEN.index()];
        double rejected = p[Choice.REJECTED.index()];
        Choice decided = chosen >= AnnotatorModel.DECIDED
                ? Choice.CHOSEN
                : rejected >= AnnotatorModel.DECIDED ? Choice.REJECTED : null;
        return new Fused(decided, chosen + p[Choice.TIE.index()] / 2);
    }
}
