package io.prefstream.labelverifier.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.llm.domain.LlmSettings;
import io.prefstream.llm.domain.Prices;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CostState;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.RequestProvenance;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgePanelTopologyTest {

    private static final LlmSettings SETTINGS = new LlmSettings(
            "http://none/v1",
            List.of("sage"),
            "",
            1,
            0.0,
            100,
            4,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            new Prices(1, 1));

    private final StageFixture stage =
            new StageFixture("label-verifier", environment -> VerifierTopology.of(environment, SETTINGS));

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

    private long consumedRequests() {
        return stage.progress().getConsumed().getOrDefault("label-requests", 0L);
    }

    private void answer(LlmCall call, @Nullable String text, @Nullable String error) {
        stage.pipe(Topics.JUDGE_ANSWERS, call.getPairId(), SampleFacts.answer(call, text, error));
    }

    private void request(String pairId, String strategy) {
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
        stage.pipe(Topics.PAIRS, id, SampleFacts.pair(id, "Well?", chosen, rejected));
        stage.pipe(Topics.PAIR_ATTRIBUTES, id, SampleFacts.attributes(id));
        stage.pipe(Topics.PAIR_EMBEDDINGS, id, SampleFacts.embedding(id, new byte[] {direction, 1}));
    }
}
