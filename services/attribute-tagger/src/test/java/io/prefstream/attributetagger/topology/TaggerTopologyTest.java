package io.prefstream.attributetagger.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.attributetagger.processor.Tagger.Tags;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairProvenance;
import io.prefstream.wire.Progress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaggerTopologyTest {

    private final StageFixture stage = new StageFixture(
            "attribute-tagger", environment -> TaggerTopology.of(environment, TaggerTopologyTest::tags, "test/1"));

    @AfterEach
    void close() {
        stage.close();
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

    private static Tags tags(List<Message> history) {
        String text = history.getLast().content();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("nothing to tag");
        }
        return new Tags("Math", Objectivity.OBJECTIVE, Controversiality.LOW, text, "guideline");
    }

    private void send(String pairId, String question) {
        stage.pipe(
                Topics.PAIRS,
                pairId,
                Pair.newBuilder()
                        .setPairId(pairId)
                        .setMatchId("m")
                        .setPromptGroup("g")
                        .setHistory(List.of(new io.prefstream.wire.Message("user", question)))
                        .setChosen("yes")
                        .setRejected("no")
                        .setBatch("b")
                        .setOrdinal(0)
                        .setFile("f")
                        .setLine(1)
                        .setSourceId("f:1")
                        .setProvenance(new PairProvenance("ingest", "1", "", List.of(), null, null))
                        .build());
    }
}
