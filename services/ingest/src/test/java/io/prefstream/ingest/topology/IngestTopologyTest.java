package io.prefstream.ingest.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.ingest.domain.ExtractionRules;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.StageFixture;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.ConversationAnswer;
import io.prefstream.wire.ConversationMessage;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import io.prefstream.wire.Progress;
import io.prefstream.wire.RejectedInput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTopologyTest {

    private final StageFixture stage =
            new StageFixture("ingest", at -> IngestTopology.of(at, ExtractionRules.ALL, PiiPolicy.of(Map.of())));

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void namesAPairByItsTextsAndKeepsThemAsTheyCame() {
        send(row(0, " yes\n", "no"));

        List<Pair> pairs = stage.read(Topics.PAIRS);
        assertThat(pairs).hasSize(1);
        Pair pair = pairs.getFirst();
        assertThat(pair.getPairId()).hasSize(64);
        assertThat(pair.getMatchId()).hasSize(64).isNotEqualTo(pair.getPairId());
        assertThat(pair.getChosen()).isEqualTo(" yes\n");
        assertThat(pair.getRejected()).isEqualTo("no");
        assertThat(pair.getSourceId()).isEqualTo("in.jsonl:1");
        assertThat(pair.getMirrorPairId()).isNull();
        assertThat(pair.getExtra()).containsEntry("chosen_model", "m0");
    }

    @Test
    void aDuplicateNamesTheFirstPair() {
        send(row(0, "yes", "no"));
        String first = stage.read(Topics.PAIRS).getFirst().getPairId();

        send(row(1, "yes", "no"));

        assertThat(stage.read(Topics.PAIRS)).isEmpty();
        assertThat(stage.read(Topics.REJECTED_INPUT))
                .singleElement()
                .extracting(RejectedInput::getRule, RejectedInput::getPairId, RejectedInput::getLine)
                .containsExactly("duplicate", first, 2L);
    }

    @Test
    void aRowReadAgainChangesNothing() {
        send(row(0, "yes", "no"));
        stage.read(Topics.PAIRS);

        send(row(0, "yes", "no"));

        assertThat(stage.read(Topics.PAIRS)).isEmpty();
        assertThat(stage.read(Topics.REJECTED_INPUT)).isEmpty();
    }

    @Test
    void bothSidesOfAMirrorComeOutPointingAtEachOther() {
        send(row(0, "yes", "no"));
        Pair before = stage.read(Topics.PAIRS).getFirst();

        send(row(1, "no", "yes"));

        List<Pair> pairs = stage.read(Topics.PAIRS);
        assertThat(pairs).hasSize(2);
        Pair second = pairs.get(0);
        Pair first = pairs.get(1);
        assertThat(second.getMirrorPairId()).isEqualTo(first.getPairId());
        assertThat(second.getMatchId()).isEqualTo(first.getMatchId());
        assertThat(first.getMirrorPairId()).isEqualTo(second.getPairId());
        first.setMirrorPairId(null);
        assertThat(first).isEqualTo(before);
    }

    @Test
    void aRowThatIsNoPairIsRefusedUnderItsOwnPlace() {
        send(row(4, "same", "same"));

        RejectedInput refused = stage.read(Topics.REJECTED_INPUT).getFirst();
        assertThat(refused.getRule()).isEqualTo("identical-answers");
        assertThat(refused.getOrdinal()).isEqualTo(4);
        assertThat(refused.getPairId()).isNull();
        assertThat(stage.read(Topics.PAIRS_BY_MATCH)).isEmpty();
    }

    @Test
    void countsBothWaysOfARow() {
        send(row(0, "yes", "no"));
        send(row(1, "yes", "no"));
        send(row(2, "same", "same"));

        Progress progress = stage.progress();
        assertThat(progress.getConsumed())
                .isEqualTo(Map.of("pairs-in", 3L, "pairs-by-match", 2L, "near-duplicate-bands", 1L));
        assertThat(progress.getProduced())
                .isEqualTo(Map.of("pairs-by-match", 2L, "pairs", 1L, "rejected-input", 2L, "near-duplicate-bands", 1L));
    }

    @Test
    void aConversationThatComesAgainGrownMakesNoPairTwice() {
        Conversation first = conversation(List.of(asked("Q"), answered("B", "A")));
        stage.pipe(Topics.CONVERSATIONS_IN, "any", first);
        stage.pipe(Topics.CONVERSATIONS_IN, "any", first);
        assertThat(stage.read(Topics.PAIRS)).singleElement().satisfies(pair -> {
            assertThat(pair.getSourceId()).startsWith("c-1/1/regeneration#");
            assertThat(pair.getExtra())
                    .containsEntry("pair_rule", "regeneration")
                    .containsEntry("turn", "1")
                    .containsEntry("conversation", "c-1");
        });

        stage.pipe(
                Topics.CONVERSATIONS_IN,
                "any",
                conversation(List.of(asked("Q"), answered("B", "A"), asked("More?"), answered("D", "C"))));

        assertThat(stage.read(Topics.PAIRS))
                .singleElement()
                .satisfies(pair -> assertThat(pair.getExtra()).containsEntry("turn", "2"));
        assertThat(stage.read(Topics.REJECTED_INPUT)).isEmpty();
        assertThat(stage.read(Topics.CONVERSATIONS))
                .extracting(Conversation::getPairs)
                .containsExactly(1, 1, 2);
    }

    @Test
    void thumbsOfDifferentConversationsMeetWhicheverComesFirst() {
        Conversation up = voted("c-up", "Yes.", "up");
        Conversation down = voted("c-down", "No.", "down");
        List<Pair> oneWay = pairsOf(up, down, up);
        try (StageFixture other =
                new StageFixture("ingest", at -> IngestTopology.of(at, ExtractionRules.ALL, PiiPolicy.of(Map.of())))) {
            List.of(down, up).forEach(one -> other.pipe(Topics.CONVERSATIONS_IN, "any", one));

            assertThat(other.read(Topics.PAIRS)).isEqualTo(oneWay);
        }
        assertThat(oneWay).singleElement().satisfies(pair -> {
            assertThat(pair.getChosen()).isEqualTo("Yes.");
            assertThat(pair.getRejected()).isEqualTo("No.");
            assertThat(pair.getExtra())
                    .containsEntry("pair_rule", "thumbs")
                    .containsEntry("conversation", "c-up")
                    .containsEntry("rejected_conversation", "c-down");
        });
        assertThat(stage.read(Topics.REJECTED_INPUT)).isEmpty();
        assertThat(pairsOf(voted("c-up-2", "Sure.", "up"))).hasSize(1);
        assertThat(stage.progress().getConsumed()).containsEntry("votes-by-prompt", 4L);
    }

    private List<Pair> pairsOf(Conversation... conversations) {
        for (Conversation one : conversations) {
            stage.pipe(Topics.CONVERSATIONS_IN, "any", one);
        }
        return stage.read(Topics.PAIRS);
    }

    private static Conversation voted(String id, String answer, String vote) {
        ConversationMessage said = ConversationMessage.newBuilder()
                .setRole("assistant")
                .setContent(answer)
                .setFeedback(vote)
                .build();
        return Conversation.newBuilder()
                .setConversationId(id)
                .setMessages(List.of(asked("Is it?"), said))
                .build();
    }

    @Test
    void aConversationThatBreaksTheFormatIsARefusedRow() {
        Conversation bad = conversation(List.of(asked("Q")));
        bad.setChoice(3);

        stage.pipe(Topics.CONVERSATIONS_IN, "any", bad);

        assertThat(stage.read(Topics.REJECTED_INPUT))
                .singleElement()
                .extracting(RejectedInput::getRule, RejectedInput::getSourceId, RejectedInput::getFile)
                .containsExactly("wrong-type", "c-1", "conversations");
        assertThat(stage.read(Topics.CONVERSATIONS)).hasSize(1);
    }

    private static Conversation conversation(List<ConversationMessage> messages) {
        return Conversation.newBuilder()
                .setConversationId("c-1")
                .setMessages(messages)
                .build();
    }

    private static ConversationMessage asked(String text) {
        return ConversationMessage.newBuilder().setRole("user").setContent(text).build();
    }

    private static ConversationMessage answered(String kept, String left) {
        return ConversationMessage.newBuilder()
                .setRole("assistant")
                .setContent(kept)
                .setRegenerations(List.of(new ConversationAnswer(left, null, null)))
                .build();
    }

    private void send(PairIn row) {
        stage.pipe(Topics.PAIRS_IN, "any", row);
    }

    private static PairIn row(long ordinal, String chosen, String rejected) {
        return PairIn.newBuilder()
                .setBatch("batch")
                .setOrdinal(ordinal)
                .setFile("in.jsonl")
                .setLine(ordinal + 1)
                .setSourceId(null)
                .setHistory(List.of(new PairInMessage("user", "Is it?")))
                .setChosen(chosen)
                .setRejected(rejected)
                .setExtra(Map.of("chosen_model", "m" + ordinal))
                .build();
    }
}
