package io.prefstream.labelverifier.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.CanaryOutcome;
import io.prefstream.wire.Correctness;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.RequestProvenance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgePanelTopologyTest {

    private static final Map<String, String> SETTINGS = Map.of(
            "judge.url",
            "http://none/v1",
            "judge.model",
            "sage",
            "judge.price",
            "1,1",
            "judge.max-output-tokens",
            "100");

    private final StageFixture stage = new StageFixture(
            "label-verifier", environment -> VerifierTopology.of(environment, Judge.all(SETTINGS), false));

    @BeforeEach
    void aLabelledAndAnOpenPair() {
        pair("gold", "Paris.", "Rome.", (byte) 100);
        stage.pipe(
                Topics.ANNOTATIONS_IN,
                "gold",
                HumanAnnotation.newBuilder()
                        .setId("gold")
                        .setPairId(null)
                        .setVerdict(HumanVerdict.CHOSEN)
                        .setShownFirst(null)
                        .setAnnotator("ann")
                        .setSeconds(null)
                        .setAt(null)
                        .setBatch("000001")
                        .setOrdinal(0)
                        .setFile("labels.jsonl")
                        .setLine(1)
                        .build());
        pair("open", "Four.", "Five.", (byte) 90);
        stage.read(Topics.LABELS);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void quotesARequestAndAsksNothingBeforeItIsAdmitted() {
        request("open", "similarity");

        Cost quote = stage.read(Topics.COSTS).getFirst();
        assertThat(quote.getState()).isEqualTo(CostState.RESERVED);
        assertThat(quote.getUsd()).isPositive();
        assertThat(stage.read(Topics.JUDGE_CALLS)).isEmpty();
    }

    @Test
    void asksInBothOrdersWithTheNearestGoldPairAsAnExample() {
        request("open", "admitted");

        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst().getUser()).contains("Candidate 1", "Four.", "Paris.", "People's verdict");
        assertThat(calls.getFirst().getExamples()).containsExactly("gold");
        assertThat(calls).extracting(LlmCall::getUser).doesNotHaveDuplicates();
    }

    @Test
    void neverShowsAPairAsItsOwnExample() {
        request("gold", "admitted");

        assertThat(stage.read(Topics.JUDGE_CALLS))
                .allSatisfy(call -> assertThat(call.getExamples()).isEmpty());
    }

    @Test
    void makesAVoteAndASilverLabelOnceEveryAnswerIsThere() {
        request("open", "admitted");
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        assertThat(consumedRequests()).isZero();

        answer(calls.getFirst(), "{\"verdict\": \"2\", \"reason\": \"five it is\"}", null);
        assertThat(stage.read(Topics.JUDGE_VOTES)).isEmpty();
        answer(calls.getLast(), "{\"verdict\": \"1\"}", null);

        assertThat(stage.read(Topics.JUDGE_VOTES)).singleElement().satisfies(vote -> {
            assertThat(vote.getOutcome()).isEqualTo(LabelOutcome.REJECTED);
            assertThat(vote.getModel()).isEqualTo("sage-1");
            assertThat(vote.getReason()).isEqualTo("five it is");
            assertThat(vote.getInputTokens()).isEqualTo(14);
        });
        assertThat(stage.read(Topics.LABELS)).singleElement().satisfies(label -> {
            assertThat(label.getKind()).isEqualTo(LabelKind.SILVER);
            assertThat(label.getOutcome()).isEqualTo(LabelOutcome.REJECTED);
        });
        assertThat(consumedRequests()).isEqualTo(1);
    }

    @Test
    void usesARecordedVoteAgainAndTakesARepeatedAnswerForNothing() {
        request("open", "admitted");
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        calls.forEach(call -> answer(call, "{\"verdict\": \"tie\"}", null));
        calls.forEach(call -> answer(call, "{\"verdict\": \"tie\"}", null));
        assertThat(stage.read(Topics.JUDGE_VOTES)).hasSize(1);

        request("open", "admitted");

        assertThat(stage.read(Topics.JUDGE_CALLS)).isEmpty();
        assertThat(stage.read(Topics.JUDGE_VOTES)).isEmpty();
        assertThat(consumedRequests()).isEqualTo(2);
    }

    @Test
    void asksAgainWhatEndedInAnError() {
        request("open", "admitted");
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        answer(calls.getFirst(), "{\"verdict\": \"1\"}", null);
        answer(calls.getLast(), null, "filtered");
        assertThat(stage.read(Topics.JUDGE_VOTES))
                .singleElement()
                .satisfies(vote -> assertThat(vote.getError()).isEqualTo("filtered"));

        request("open", "admitted");

        assertThat(stage.read(Topics.JUDGE_CALLS))
                .extracting(LlmCall::getCallId)
                .containsExactly(calls.getLast().getCallId());
    }

    @Test
    void aRequestWithoutAnyVoteIsADeadLetterAndNoLabel() {
        request("open", "admitted");
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        answer(calls.getFirst(), "{\"verdict\": \"1\"}", null);
        answer(calls.getLast(), "I would rather not say.", null);

        assertThat(stage.read(Topics.LABELS)).isEmpty();
        assertThat(stage.read(Topics.deadLetters("label-verifier")))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.getKind()).isEqualTo("judging");
                    assertThat(letter.getTopic()).isEqualTo("label-requests");
                    assertThat(letter.getError()).contains("no verdict");
                });
        assertThat(consumedRequests()).isEqualTo(1);
    }

    @Test
    void asksAFlawedQuestionThreeTimesAndNeverAgain() {
        for (int attempt = 0; attempt < 3; attempt++) {
            request("open", "admitted");
            for (LlmCall call : stage.read(Topics.JUDGE_CALLS)) {
                assertThat(call.getAttempt()).isEqualTo(attempt);
                answer(call, "?", null);
            }
        }
        request("open", "admitted");

        assertThat(stage.read(Topics.JUDGE_CALLS)).isEmpty();
        assertThat(stage.read(Topics.JUDGE_VOTES)).hasSize(3);
    }

    @Test
    void takesALateAnswerToAnEarlierAttemptForNothing() {
        request("open", "admitted");
        List<LlmCall> first = stage.read(Topics.JUDGE_CALLS);
        first.forEach(call -> answer(call, null, "filtered"));
        request("open", "admitted");
        stage.read(Topics.JUDGE_VOTES);

        first.forEach(call -> answer(call, "{\"verdict\": \"tie\"}", null));

        assertThat(stage.read(Topics.JUDGE_VOTES)).isEmpty();
    }

    @Test
    void paysForEveryAnswerOnceAndCountsHowTheJudgeJudges() {
        request("gold", "admitted");
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        answer(calls.getFirst(), "{\"verdict\": \"1\"}", null);
        answer(calls.getLast(), "{\"verdict\": \"2\"}", null);

        assertThat(stage.read(Topics.COSTS))
                .extracting(Cost::getState, Cost::getJudge, Cost::getUsd)
                .containsExactly(tuple(CostState.SPENT, "sage", 0.1), tuple(CostState.SPENT, "sage", 0.1));
        assertThat(stage.read(Topics.JUDGE_STATS)).singleElement().satisfies(stats -> {
            assertThat(stats.getPairs()).isEqualTo(1);
            assertThat(stats.getDecided()).isEqualTo(1);
            assertThat(stats.getFlipped()).isZero();
            assertThat(stats.getLonger()).isEqualTo(1); // "Paris." over "Rome."
            assertThat(stats.getGold()).isEqualTo(1);
            assertThat(stats.getGoldAgreed()).isEqualTo(1);
            assertThat(stats.getCalls()).isEqualTo(2);
            assertThat(stats.getUsd()).isEqualTo(0.2);
        });
    }

    @Test
    void letsTheOtherJudgesVoteWhereOneFails() {
        try (StageFixture two = new StageFixture(
                "label-verifier",
                environment -> VerifierTopology.of(
                        environment,
                        Judge.all(Map.of("judge.url", "http://none/v1", "judge.model", "owl,sage")),
                        false))) {
            pair(two, "open", "Four.", "Five.", (byte) 90);
            request(two, "open", "admitted");
            for (LlmCall call : two.read(Topics.JUDGE_CALLS)) {
                boolean chosenFirst =
                        call.getUser().indexOf("Four.") < call.getUser().indexOf("Five.");
                two.pipe(
                        Topics.JUDGE_ANSWERS,
                        "open",
                        call.getJudge().equals("owl")
                                ? SampleFacts.answer(call, null, "gave up after 6 tries")
                                : SampleFacts.answer(call, "{\"verdict\": \"" + (chosenFirst ? 1 : 2) + "\"}", null));
            }

            assertThat(two.read(Topics.LABELS)).singleElement().satisfies(label -> {
                assertThat(label.getOutcome()).isEqualTo(LabelOutcome.CHOSEN);
                assertThat(label.getVotes()).isEqualTo(1);
            });
            assertThat(two.read(Topics.deadLetters("label-verifier"))).isEmpty();
        }
    }

    @Test
    void checksBothAnswersOfAnObjectivePairAloneForPeople() {
        try (StageFixture checking = new StageFixture(
                "label-verifier", environment -> VerifierTopology.of(environment, Judge.all(SETTINGS), true))) {
            pair(checking, "open", "Four.", "Five.", (byte) 90);
            assertThat(checking.read(Topics.COSTS)).singleElement().satisfies(quote -> {
                assertThat(quote.getState()).isEqualTo(CostState.RESERVED);
                assertThat(quote.getCallId()).isEqualTo("verify/open");
            });

            request(checking, "open", "pre-verify");
            List<LlmCall> calls = checking.read(Topics.JUDGE_CALLS);
            assertThat(calls).hasSize(2).extracting(LlmCall::getPurpose).containsOnly("pre-verify");
            assertThat(calls.getFirst().getUser()).contains("Four.").doesNotContain("Five.");
            for (LlmCall call : calls) {
                String answer = call.getUser().contains("Four.")
                        ? "{\"answer\": \"correct\", \"reason\": \"2 + 2 is 4\"}"
                        : "{\"answer\": \"incorrect\"}";
                checking.pipe(Topics.JUDGE_ANSWERS, "open", SampleFacts.answer(call, answer, null));
            }

            assertThat(checking.read(Topics.PRE_VERIFICATIONS)).singleElement().satisfies(found -> {
                assertThat(found.getChosen()).isEqualTo(Correctness.CORRECT);
                assertThat(found.getChosenReason()).isEqualTo("2 + 2 is 4");
                assertThat(found.getRejected()).isEqualTo(Correctness.INCORRECT);
                assertThat(found.getCostUsd()).isEqualTo(0.2);
            });
            assertThat(checking.read(Topics.LABELS)).isEmpty();
            assertThat(checking.progress().getConsumed()).containsEntry("label-requests", 1L);
        }
    }

    @Test
    void tellsWhatAJudgeSaysNowOfAPairThatItHadJudged() {
        request("gold", "admitted");
        judge("1", "2");
        stage.read(Topics.JUDGE_VOTES);
        stage.read(Topics.LABELS);

        request("gold", "canary");
        judge("2", "1");

        assertThat(stage.read(Topics.JUDGE_CANARIES)).singleElement().satisfies(canary -> {
            assertThat(canary.getBefore()).isEqualTo(CanaryOutcome.CHOSEN);
            assertThat(canary.getNow()).isEqualTo(CanaryOutcome.REJECTED);
            assertThat(canary.getGold()).isEqualTo(CanaryOutcome.CHOSEN);
        });
        assertThat(stage.read(Topics.JUDGE_VOTES)).isEmpty();
        assertThat(stage.read(Topics.LABELS)).isEmpty();
        assertThat(consumedRequests()).isEqualTo(2);
    }

    private void judge(String first, String second) {
        List<LlmCall> calls = stage.read(Topics.JUDGE_CALLS);
        assertThat(calls).hasSize(2);
        answer(calls.getFirst(), "{\"verdict\": \"" + first + "\"}", null);
        answer(calls.getLast(), "{\"verdict\": \"" + second + "\"}", null);
    }

    private long consumedRequests() {
        return stage.progress().getConsumed().getOrDefault("label-requests", 0L);
    }

    private void answer(LlmCall call, @Nullable String text, @Nullable String error) {
        stage.pipe(Topics.JUDGE_ANSWERS, call.getPairId(), SampleFacts.answer(call, text, error));
    }

    private void request(String pairId, String strategy) {
        request(stage, pairId, strategy);
    }

    private static void request(StageFixture stage, String pairId, String strategy) {
        stage.pipe(
                Topics.LABEL_REQUESTS,
                pairId,
                LabelRequest.newBuilder()
                        .setPairId(pairId)
                        .setRound(1)
                        .setAnchors(List.of("gold"))
                        .setSimilarity(0.9)
                        .setStrategy(strategy)
                        .setProvenance(RequestProvenance.newBuilder()
                                .setStage("retrieval")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build())
                        .build());
    }

    private void pair(String id, String chosen, String rejected, byte direction) {
        pair(stage, id, chosen, rejected, direction);
    }

    private static void pair(StageFixture stage, String id, String chosen, String rejected, byte direction) {
        stage.pipe(Topics.PAIRS, id, SampleFacts.pair(id, "Well?", chosen, rejected));
        stage.pipe(Topics.PAIR_ATTRIBUTES, id, SampleFacts.attributes(id));
        stage.pipe(Topics.PAIR_EMBEDDINGS, id, SampleFacts.embedding(id, new byte[] {direction, 1}));
    }
}
