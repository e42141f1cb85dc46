package io.prefstream.attributetagger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.TaskCategory;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.AttributeEdit;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.CostState;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.Progress;
import io.prefstream.wire.TagRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaggerTopologyTest {

    private static final Map<String, String> LLM = Map.of(
            "judge.url",
            "http://none/v1",
            "judge.price",
            "1,1",
            "judge.max-output-tokens",
            "100",
            "tagger.model",
            "scribe");
    private static final String DESCRIPTION = """
            {"task_category": "Reasoning", "objectivity": "subjective", "controversiality": "medium",
             "desired_attributes": "fair", "annotation_guideline": "Weigh both sides."}""";

    private final StageFixture stage = new StageFixture(
            "attribute-tagger",
            environment -> TaggerTopology.of(environment, TaggerTopologyTest::tags, "test/1", List.of()));
    private final StageFixture asking = new StageFixture(
            "attribute-tagger",
            environment -> TaggerTopology.of(environment, TaggerTopologyTest::tags, "test/1", Judge.taggers(LLM)));

    @AfterEach
    void close() {
        stage.close();
        asking.close();
    }

    @Test
    void tagsAPairByItsConversation() {
        send("p1", "What is 1 + 1?");

        PairAttributes attributes = stage.read(Topics.PAIR_ATTRIBUTES).getFirst();
        assertThat(attributes.getPairId()).isEqualTo("p1");
        assertThat(attributes.getTaskCategory()).isEqualTo("Math");
        assertThat(attributes.getDesiredAttributes()).isEqualTo("What is 1 + 1?");
        assertThat(attributes.getOrigin()).isEqualTo(AttributeOrigin.BUILT_IN);
        assertThat(attributes.getProvenance().getRevision()).isEqualTo("test/1");
    }

    @Test
    void aSecondVersionOfAPairWritesNothing() {
        send("p1", "What is 1 + 1?");
        send("p1", "What is 1 + 1?");

        assertThat(stage.read(Topics.PAIR_ATTRIBUTES)).hasSize(1);
    }

    @Test
    void aPairThatCannotBeTaggedIsADeadLetterAndStillCounted() {
        send("p1", "");

        Progress progress = stage.progress();
        assertThat(progress.getConsumed()).isEqualTo(Map.of("pairs", 1L));
        assertThat(progress.getFailed()).isEqualTo(Map.of("pairs", 1L));
        assertThat(stage.read(Topics.deadLetters("attribute-tagger")))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getPairId()).isEqualTo("p1"));
    }

    @Test
    void withoutALanguageModelQuotesNothingAndDescribesNothing() {
        send("p1", "What is 1 + 1?");
        stage.pipe(Topics.TAG_REQUESTS, "p1", new TagRequest("p1", 1, 0));

        assertThat(stage.read(Topics.COSTS)).isEmpty();
        assertThat(stage.read(Topics.TAG_CALLS)).isEmpty();
        assertThat(stage.progress().getConsumed()).containsEntry("tag-requests", 1L);
    }

    @Test
    void quotesEveryPairAndAsksOnlyAboutThoseRequested() {
        send(asking, "p1", "What is 1 + 1?");
        send(asking, "p2", "What is 2 + 2?");

        assertThat(asking.read(Topics.COSTS)).hasSize(2).allSatisfy(quote -> {
            assertThat(quote.getState()).isEqualTo(CostState.RESERVED);
            assertThat(quote.getCallId()).startsWith("tag/p");
            assertThat(quote.getUsd()).isPositive();
        });
        LlmCall call = request("p2");
        assertThat(call.getModel()).isEqualTo("scribe");
        assertThat(call.getUser()).contains("What is 2 + 2?", "yes", "no");
        assertThat(consumedRequests()).isZero();
    }

    @Test
    void writesASecondRevisionOfWhatTheLanguageModelDescribed() {
        send(asking, "p1", "What is 1 + 1?");
        answer(request("p1"), DESCRIPTION, null);

        List<PairAttributes> revisions = asking.read(Topics.PAIR_ATTRIBUTES);
        assertThat(revisions)
                .extracting(PairAttributes::getOrigin)
                .containsExactly(AttributeOrigin.BUILT_IN, AttributeOrigin.LLM);
        PairAttributes described = revisions.getLast();
        assertThat(described.getTaskCategory()).isEqualTo("Reasoning");
        assertThat(described.getAnnotationGuideline()).isEqualTo("Weigh both sides.");
        assertThat(described.getProvenance().getRevision()).isEqualTo("tag/2 scribe-1");
        assertThat(described.getProvenance().getCostUsd()).isEqualTo(0.1);
        assertThat(asking.read(Topics.COSTS).getLast().getState()).isEqualTo(CostState.SPENT);
        assertThat(consumedRequests()).isEqualTo(1);
    }

    @Test
    void keepsTheBuiltInAttributesWhenTheAnswerIsOfNoUseAndNeverAsksAgain() {
        send(asking, "p1", "What is 1 + 1?");
        answer(request("p1"), DESCRIPTION.replace("Reasoning", "Cooking"), null);
        asking.pipe(Topics.TAG_REQUESTS, "p1", new TagRequest("p1", 2, 0));

        assertThat(asking.read(Topics.PAIR_ATTRIBUTES)).hasSize(1);
        assertThat(asking.read(Topics.TAG_CALLS)).isEmpty();
        assertThat(asking.read(Topics.COSTS).getLast().getState()).isEqualTo(CostState.SPENT);
        assertThat(consumedRequests()).isEqualTo(2);
    }

    @Test
    void asksAgainInALaterRunWhatEndedInAnError() {
        send(asking, "p1", "What is 1 + 1?");
        LlmCall first = request("p1");
        answer(first, null, "filtered");

        assertThat(asking.read(Topics.PAIR_ATTRIBUTES)).hasSize(1);
        assertThat(request("p1").getCallId()).isEqualTo(first.getCallId());
    }

    @Test
    void takesARepeatedAnswerForNothing() {
        send(asking, "p1", "What is 1 + 1?");
        LlmCall call = request("p1");
        answer(call, DESCRIPTION, null);
        answer(call, DESCRIPTION, null);

        assertThat(asking.read(Topics.PAIR_ATTRIBUTES)).hasSize(2);
        assertThat(consumedRequests()).isEqualTo(1);
    }

    @Test
    void mergesWhatSeveralGeneratorsSay() {
        List<Judge> three = Judge.taggers(Map.of("judge.url", "http://none/v1", "tagger.model", "a, b, c"));
        try (StageFixture stage = new StageFixture(
                "attribute-tagger",
                environment -> TaggerTopology.of(environment, TaggerTopologyTest::tags, "test/1", three))) {
            send(stage, "p1", "What is 1 + 1?");
            stage.pipe(Topics.TAG_REQUESTS, "p1", new TagRequest("p1", 1, 0));
            List<LlmCall> calls = stage.read(Topics.TAG_CALLS);
            assertThat(calls).extracting(LlmCall::getModel).containsExactly("a", "b", "c");

            stage.pipe(Topics.TAG_ANSWERS, "p1", SampleFacts.answer(calls.get(0), DESCRIPTION, null));
            stage.pipe(Topics.TAG_ANSWERS, "p1", SampleFacts.answer(calls.get(1), null, "filtered"));
            assertThat(stage.read(Topics.PAIR_ATTRIBUTES)).hasSize(1);
            stage.pipe(
                    Topics.TAG_ANSWERS,
                    "p1",
                    SampleFacts.answer(calls.get(2), DESCRIPTION.replace("medium", "high"), null));

            PairAttributes merged = stage.read(Topics.PAIR_ATTRIBUTES).getLast();
            assertThat(merged.getTaskCategory()).isEqualTo("Reasoning");
            assertThat(merged.getControversiality()).isEqualTo(Controversiality.HIGH);
            assertThat(merged.getProvenance().getInputs())
                    .containsExactly(calls.get(0).getCallId(), calls.get(2).getCallId());
            assertThat(merged.getProvenance().getCostUsd()).isEqualTo(0.2);
            assertThat(stage.progress().getConsumed()).containsEntry("tag-requests", 1L);
        }
    }

    @Test
    void whatAPersonCorrectsStandsOverEveryTagger() {
        asking.pipe(Topics.HUMAN_ANNOTATIONS, "p1", correction(0, null, "Editing", "objective"));
        send(asking, "p1", "What is 1 + 1?");
        answer(request("p1"), DESCRIPTION, null);

        List<PairAttributes> revisions = asking.read(Topics.PAIR_ATTRIBUTES);
        assertThat(revisions)
                .extracting(PairAttributes::getOrigin)
                .containsExactly(
                        AttributeOrigin.BUILT_IN,
                        AttributeOrigin.HUMAN_EDITED,
                        AttributeOrigin.LLM,
                        AttributeOrigin.HUMAN_EDITED);
        PairAttributes last = revisions.getLast();
        assertThat(last.getTaskCategory()).isEqualTo("Editing");
        assertThat(last.getObjectivity()).isEqualTo(Objectivity.OBJECTIVE);
        assertThat(last.getAnnotationGuideline()).isEqualTo("Weigh both sides.");
        assertThat(last.getProvenance().getInputs()).containsExactly("ann-1 in gold.jsonl:1");
        assertThat(last.getProvenance().getRevision()).isEqualTo("corrected/1 over tag/2 scribe-1");
    }

    @Test
    void theLaterCorrectionCountsWhicheverComesFirst() {
        send("p1", "What is 1 + 1?");
        stage.pipe(
                Topics.HUMAN_ANNOTATIONS, "p1", correction(1, Instant.ofEpochSecond(20), "Coding & Debugging", null));
        stage.pipe(Topics.HUMAN_ANNOTATIONS, "p1", correction(2, Instant.ofEpochSecond(10), "Editing", "subjective"));

        PairAttributes last = stage.read(Topics.PAIR_ATTRIBUTES).getLast();
        assertThat(last.getTaskCategory()).isEqualTo("Coding & Debugging");
        assertThat(last.getObjectivity()).isEqualTo(Objectivity.SUBJECTIVE);
    }

    @Test
    void aCorrectionTakenBackRestoresWhatTheTaggerSaid() {
        send("p1", "What is 1 + 1?");
        HumanAnnotation correction = correction(1, null, "Editing", null);
        stage.pipe(Topics.HUMAN_ANNOTATIONS, "p1", correction);
        stage.pipe(Topics.HUMAN_ANNOTATIONS, "p1", correction);
        stage.pipe(
                Topics.HUMAN_ANNOTATIONS,
                "p1",
                HumanAnnotation.newBuilder(correction).setEdit(null).build());

        assertThat(stage.read(Topics.PAIR_ATTRIBUTES))
                .extracting(PairAttributes::getTaskCategory)
                .containsExactly("Math", "Editing", "Math");
    }

    private static HumanAnnotation correction(
            long ordinal, @Nullable Instant at, @Nullable String category, @Nullable String objectivity) {
        return HumanAnnotation.newBuilder()
                .setId("p1")
                .setPairId("p1")
                .setVerdict(HumanVerdict.UNKNOWN)
                .setAnnotator("ann-1")
                .setAt(at)
                .setBatch("000001")
                .setOrdinal(ordinal)
                .setFile("gold.jsonl")
                .setLine(1)
                .setEdit(new AttributeEdit(category, objectivity, null, null, null))
                .build();
    }

    private LlmCall request(String pairId) {
        asking.pipe(Topics.TAG_REQUESTS, pairId, new TagRequest(pairId, 1, 0));
        return asking.read(Topics.TAG_CALLS).getLast();
    }

    private void answer(LlmCall call, @Nullable String text, @Nullable String error) {
        asking.pipe(Topics.TAG_ANSWERS, call.getPairId(), SampleFacts.answer(call, text, error));
    }

    private long consumedRequests() {
        return asking.progress().getConsumed().getOrDefault("tag-requests", 0L);
    }

    private static Attributes tags(List<Message> history) {
        String text = history.getLast().content();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("nothing to tag");
        }
        return new Attributes(TaskCategory.MATH, true, Dispute.LOW, text, "guideline");
    }

    private void send(String pairId, String question) {
        send(stage, pairId, question);
    }

    private static void send(StageFixture to, String pairId, String question) {
        to.pipe(Topics.PAIRS, pairId, SampleFacts.pair(pairId, question, "yes", "no"));
    }
}
