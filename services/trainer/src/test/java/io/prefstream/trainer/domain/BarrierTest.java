package io.prefstream.trainer.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Barrier.Report;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarrierTest {

    @Test
    void isOpenWhenEveryRecordWasReadByEachReader() {
        List<Report> reports = List.of(
                new Report(
                        "ingest",
                        Map.of("pairs-in", 2L, "pairs-by-match", 2L),
                        Map.of("pairs-by-match", 2L, "pairs", 1L)),
                new Report(
                        "ingest",
                        Map.of("pairs-in", 1L, "pairs-by-match", 1L),
                        Map.of("pairs-by-match", 1L, "pairs", 1L)),
                new Report("attribute-tagger", Map.of("pairs", 2L), Map.of()),
                new Report("retrieval", Map.of("pairs", 2L), Map.of()),
                new Report("label-verifier", Map.of("pairs", 2L), Map.of()),
                new Report("reward-scorer", Map.of("pairs", 2L), Map.of()),
                new Report("consistency-filter", Map.of("pairs", 2L), Map.of()));

        assertThat(Barrier.missing(reports, Map.of("pairs-in", 3L), stage -> true))
                .isEmpty();
    }

    @Test
    void namesTheStageThatIsBehindAndByHowMuch() {
        List<Report> reports = List.of(new Report("ingest", Map.of("pairs-in", 2L), Map.of()));

        assertThat(Barrier.missing(reports, Map.of("pairs-in", 3L), stage -> true))
                .containsExactly("ingest has read 2 of 3 records of pairs-in");
    }

    @Test
    void isClosedBeforeAnyoneHasReported() {
        assertThat(Barrier.missing(List.of(), Map.of("annotations-in", 1L), stage -> true))
                .hasSize(1);
    }

    @Test
    void forgivesDeadLettersThatNoTaskCounts() {
        List<Report> reports = List.of(new Report("consistency-filter", Map.of("ingest-dead-letters", 1L), Map.of()));

        assertThat(Barrier.missing(reports, Map.of(), stage -> true)).isEmpty();
    }

    @Test
    void knowsOnlyTopicsThatExist() {
        List<String> names = Topics.all().stream().map(topic -> topic.name()).toList();

        assertThat(names).containsAll(Barrier.READERS.keySet());
    }
}
