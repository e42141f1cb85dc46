package io.prefstream.labelverifier.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.AttributeEdit;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RaterConfusion;
import io.prefstream.wire.RaterModel;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.RequestProvenance;
import io.prefstream.wire.Round;
import io.prefstream.wire.ScoreProvenance;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two of the stage's topics come back to it; the driver pipes them in by itself. */
class VerifierTopologyTest {

    private final StageFixture stage =
            new StageFixture("label-verifier", environment -> VerifierTopology.of(environment, List.of(), false));
    private long ordinal;

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void makesGoldOfTheMajorityOfThreePeople() {
        pair("p1", "row-1");
        say("row-1", "ann", HumanVerdict.REJECTED);
        say("row-1", "bob", HumanVerdict.CHOSEN);
        say("p1", "cyd", HumanVerdict.REJECTED);

        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.REJECTED);
    }

    @Test
    void keepsALabelThatComesBeforeItsPair() {
        say("row-1", "ann", HumanVerdict.CHOSEN);
        assertThat(stage.read(Topics.LABELS)).isEmpty();

        pair("p1", "row-1");

        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.CHOSEN);
    }

    @Test
    void countsALabelOfADuplicateRowForThePairThatStandsForIt() {
        pair("p1", "row-1");
        stage.pipe(
                Topics.REJECTED_INPUT,
                "000001/1",
                RejectedInput.newBuilder()
                        .setBatch("000001")
                        .setOrdinal(1)
                        .setFile("f")
                        .setLine(2)
                        .setSourceId("row-2")
                        .setPairId("p1")
                        .setRule("duplicate")
                        .setReason("the same pair stands in line 1")
                        .build());

        say("row-2", "ann", HumanVerdict.REJECTED);

        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.REJECTED);
    }

    @Test
    void takesBackTheLabelsOfAnIdThatNamesTwoPairs() {
        pair("p1", "row-1");
        say("row-1", "ann", HumanVerdict.CHOSEN);
        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.CHOSEN);

        pair("p2", "row-1");

        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.UNKNOWN);
        assertThat(stage.read(Topics.deadLetters("label-verifier")))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getError()).contains("p1 and p2"));
    }

    @Test
    void readsFirstAndSecondByWhatWasShownFirst() {
        pair("p1", "row-1");
        annotate("p1", "ann", HumanVerdict.FIRST, "rejected");

        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.REJECTED);
    }

    @Test
    void writesNoNewLabelWhenAPairComesAgain() {
        pair("p1", "row-1");
        say("row-1", "ann", HumanVerdict.CHOSEN);
        stage.read(Topics.LABELS);

        pair("p1", "row-1");

        assertThat(stage.read(Topics.LABELS)).isEmpty();
    }

    @Test
    void sendsACorrectionOfAttributesToItsPairAndMakesNoLabelOfIt() {
        pair("p1", "row-1");
        stage.pipe(Topics.ANNOTATIONS_IN, "row-1", correction("row-1"));

        assertThat(stage.read(Topics.HUMAN_ANNOTATIONS)).singleElement().satisfies(sent -> {
            assertThat(sent.getPairId()).isEqualTo("p1");
            assertThat(sent.getEdit().getTaskCategory()).isEqualTo("Math");
        });
        assertThat(stage.read(Topics.LABELS)).isEmpty();
    }

    @Test
    void takesBackACorrectionWhoseIdNamesTwoPairs() {
        pair("p1", "row-1");
        stage.pipe(Topics.ANNOTATIONS_IN, "row-1", correction("row-1"));
        pair("p2", "row-1");

        HumanAnnotation last = stage.read(Topics.HUMAN_ANNOTATIONS).getLast();
        assertThat(last.getPairId()).isEqualTo("p1");
        assertThat(last.getEdit()).isNull();
    }

    private HumanAnnotation correction(String id) {
        return HumanAnnotation.newBuilder(annotation(id, "ann", HumanVerdict.UNKNOWN, null))
                .setEdit(new AttributeEdit("Math", null, null, null, null))
                .build();
    }

    @Test
    void castsEveryPersonsVoteAsItCountsNow() {
        pair("p1", "row-1");
        say("row-1", "ann", HumanVerdict.REJECTED);
        annotate("p1", "bob", HumanVerdict.FIRST, "rejected");
        say("p1", "ann", HumanVerdict.TIE);
        say("p1", "bob", HumanVerdict.CANNOT_TELL);

        assertThat(stage.read(Topics.VOTES))
                .extracting(Vote::getVoteId, Vote::getChoice)
                .containsExactly(
                        tuple("human/ann", VoteChoice.REJECTED),
                        tuple("human/bob", VoteChoice.REJECTED),
                        tuple("human/ann", VoteChoice.TIE),
                        tuple("human/bob", VoteChoice.UNKNOWN));
    }

    @Test
    void castsVotesAgainWhenTheCategoryIsKnown() {
        pair("p1", "row-1");
        say("row-1", "ann", HumanVerdict.REJECTED);
        say("row-1", "", HumanVerdict.CHOSEN);
        stage.read(Topics.VOTES);

        stage.pipe(Topics.PAIR_ATTRIBUTES, "p1", SampleFacts.attributes("p1"));
        stage.pipe(Topics.PAIR_ATTRIBUTES, "p1", SampleFacts.attributes("p1"));

        assertThat(stage.read(Topics.VOTES))
                .hasSize(2)
                .allSatisfy(vote -> assertThat(vote.getTaskCategory()).isEqualTo("Math"));
    }

    @Test
    void fusesLabelsWithWhatARunHasLearnt() {
        pair("p1", "row-1");
        pair("p2", "row-2");
        say("p1", "guess", HumanVerdict.REJECTED);
        say("p1", "toss", HumanVerdict.REJECTED);
        say("p1", "keen", HumanVerdict.CHOSEN);
        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.REJECTED);

        stage.pipe(Topics.FUSION_MODELS, "run-1/0", learnt());

        Label fused = last();
        assertThat(fused.getOutcome()).isEqualTo(LabelOutcome.CHOSEN);
        assertThat(fused.getPRight()).isEqualTo(1);
        assertThat(fused.getPosterior()).isBetween(0.9, 1.0);
        say("p2", "guess", HumanVerdict.CHOSEN);
        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.UNDECIDED);
        say("p2", "keen", HumanVerdict.REJECTED);
        assertThat(last().getOutcome()).isEqualTo(LabelOutcome.REJECTED);
        assertThat(stage.progress().getConsumed()).containsEntry("fusion-models", 1L);
    }

    /** Keen is right 98 times in a hundred; guess and toss say either whatever is true. */
    private static FusionModel learnt() {
        List<Double> keen = List.of(0.98, 0.01, 0.01, 0.01, 0.98, 0.01, 0.01, 0.01, 0.98);
        List<Double> any = List.of(0.45, 0.45, 0.1, 0.45, 0.45, 0.1, 0.45, 0.45, 0.1);
        List<Double> alike = List.of(0.4, 0.4, 0.2);
        return new FusionModel(
                1,
                0,
                new RaterModel(
                        alike,
                        List.of(
                                new RaterConfusion("keen", "", keen, 100L),
                                new RaterConfusion("guess", "", any, 100L),
                                new RaterConfusion("toss", "", any, 100L))),
                new RaterModel(alike, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"false, similarity, true", "false, control, true", "true, similarity, false", "true, admitted, true"})
    void judgesWhatIsFetchedOrWhatQuotasAdmit(boolean quotas, String strategy, boolean labels) {
        pair("p1", "row-1");
        Map<String, String> told = Map.of(
                "judge/pool/0/-1", "c0", "source/-1/*", "0.9", "fetched/admitted-only", Boolean.toString(quotas));
        stage.pipe(Topics.ROUNDS, "run-1/train-1", new Round(1, 1, "train", told, List.of(), null, Map.of()));
        stage.pipe(
                Topics.PAIR_SCORES,
                "p1",
                new PairScore(
                        "p1",
                        "run-1/votes-1",
                        1,
                        List.of(new CheckpointScore("c0", 3.0, 0.0, 3.0)),
                        ScoreProvenance.newBuilder()
                                .setStage("reward-scorer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build()));

        stage.pipe(
                Topics.LABEL_REQUESTS,
                "p1",
                new LabelRequest(
                        "p1",
                        1,
                        List.of(),
                        0.0,
                        strategy,
                        RequestProvenance.newBuilder()
                                .setStage("trainer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build(),
                        List.of()));

        assertThat(stage.read(Topics.LABELS)).hasSize(labels ? 1 : 0);
    }

    private Label last() {
        return stage.read(Topics.LABELS).getLast();
    }

    private void say(String id, String who, HumanVerdict verdict) {
        annotate(id, who, verdict, null);
    }

    private void annotate(String id, String who, HumanVerdict verdict, @Nullable String first) {
        stage.pipe(Topics.ANNOTATIONS_IN, id, annotation(id, who, verdict, first));
    }

    private HumanAnnotation annotation(String id, String who, HumanVerdict verdict, @Nullable String first) {
        return HumanAnnotation.newBuilder()
                .setId(id)
                .setPairId(null)
                .setVerdict(verdict)
                .setShownFirst(first)
                .setAnnotator(who)
                .setSeconds(null)
                .setAt(null)
                .setBatch("000001")
                .setOrdinal(ordinal++)
                .setFile("labels.jsonl")
                .setLine(1)
                .build();
    }

    private void pair(String pairId, String sourceId) {
        Pair pair = SampleFacts.pair(pairId, "Well?", "a", "b");
        pair.setSourceId(sourceId);
        stage.pipe(Topics.PAIRS, pairId, pair);
    }
}
