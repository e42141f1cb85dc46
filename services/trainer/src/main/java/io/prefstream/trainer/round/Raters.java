package io.prefstream.trainer.round;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.AnnotatorModel;
import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.RaterKind;
import io.prefstream.core.agreement.RaterModels;
import io.prefstream.trainer.client.Facts;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.RaterConfusion;
import io.prefstream.wire.RaterModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the votes so far say of those who cast them; learnt when it is first asked for. Not thread-safe. */
final class Raters {

    private final Facts facts;
    private @Nullable RaterModels models;

    Raters(Facts facts) {
        this.facts = facts;
    }

    private RaterModels models() {
        RaterModels known = models;
        if (known == null) {
            known = RaterModels.fit(facts.casts());
            models = known;
        }
        return known;
    }

    /** What language models say of a pair together: +1 the original label is right, -1 wrong, 0 no decision or not asked. */
    int judges(List<JudgeVote> votes) {
        List<Ballot> ballots = votes.stream()
                .map(vote ->
                        new Ballot(vote.getJudge(), choice(vote.getOutcome()).index()))
                .toList();
        Choice decided = RaterModels.fuse(models().judges(), ballots, AnnotatorModel.OVERALL)
                .decided();
        return decided == null ? 0 : decided == Choice.CHOSEN ? 1 : -1;
    }

    private static Choice choice(LabelOutcome outcome) {
        return outcome == LabelOutcome.CHOSEN
                ? Choice.CHOSEN
                : outcome == LabelOutcome.REJECTED ? Choice.REJECTED : Choice.TIE;
    }

    /** Tells the judges' matrices, for the filter to fuse their votes with. */
    void tell(Map<String, String> told) {
        told.putAll(models().judges().tell(RaterModels.JUDGE_SETTING));
    }

    /** Agreement of all votes so far. */
    AgreementBoard agreement() {
        AgreementBoard board = new AgreementBoard();
        facts.casts().forEach(board::put);
        return board;
    }

    /** Pairs that people or language models have voted on, with their category. */
    SortedMap<String, String> voted() {
        SortedMap<String, String> voted = new TreeMap<>();
        for (Cast cast : facts.casts()) {
            if (cast.choice() != null && cast.kind() != RaterKind.REWARD_MODEL) {
                voted.merge(cast.pair(), cast.category(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        return voted;
    }

    /** What was learnt, as a record. */
    FusionModel record(int run, int round) {
        return new FusionModel(run, round, record(models().people()), record(models().judges()));
    }

    private static RaterModel record(AnnotatorModel model) {
        List<RaterConfusion> matrices = new ArrayList<>();
        model.annotators()
                .forEach((annotator, of) -> of.forEach((category, confusion) -> matrices.add(
                        new RaterConfusion(annotator, category, numbers(confusion.given()), confusion.votes()))));
        return new RaterModel(numbers(model.priors()), matrices);
    }

    private static List<Double> numbers(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
