package io.prefstream.ingest.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.StageFixture;
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

    private final StageFixture stage = new StageFixture("ingest", IngestTopology::of);

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
