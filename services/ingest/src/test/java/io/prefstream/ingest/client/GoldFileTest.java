package io.prefstream.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.AttributeEdit;
import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.ParsedLabel;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldFileTest {

    @TempDir
    Path dir;

    @Test
    void readsLabelsCountsEmptyOnesAndRefusesTheRest() throws Exception {
        Path file = Files.writeString(dir.resolve("gold.jsonl"), """
                {"id":"1","verdict":"chosen","annotator":"ann-7","seconds":12.3,"at":"2026-01-31T10:00:00Z"}
                {"id":2,"verdict":"second","shown_first":"rejected"}
                {"id":"3","verdict":""}
                {"id":"4","verdict":"choosen"}
                {"verdict":"tie"}
                {"id":"6","verdict":"first"}
                {"id":"7","verdict":"tie","seconds":-1}
                """);
        var rows = new ArrayList<ParsedLabel>();

        assertThat(GoldFile.read(file, rows::add)).isEqualTo(new GoldFile.Report(2, 4, 1, null));
        assertThat(rows.getFirst())
                .isEqualTo(new LabelRow(
                        "gold.jsonl",
                        1,
                        "1",
                        LabelRow.Verdict.CHOSEN,
                        "ann-7",
                        12.3,
                        Instant.parse("2026-01-31T10:00:00Z"),
                        null,
                        false,
                        null));
        assertThat(rows.get(2)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.rule()).isEqualTo(Rule.UNKNOWN_VERDICT);
            assertThat(refused.message()).contains("gold.jsonl:4", "verdict", "cannot_tell");
        });
    }

    @Test
    void readsWhatPeopleCorrectInAttributesWithOrWithoutAVerdict() throws Exception {
        Path file = Files.writeString(dir.resolve("gold.jsonl"), """
                {"id":"1","verdict":"tie","attributes":{"task_category":"coding & debugging"}}
                {"id":"2","verdict":"","attributes":{"objectivity":"objective","annotation_guideline":"Run it."}}
                {"id":"3","attributes":{"task_category":"Cooking"}}
                {"id":"4","attributes":{"colour":"red"}}
                {"id":"5","attributes":"Math"}
                {"id":"6","attributes":{"controversiality":"very"}}
                """);
        var rows = new ArrayList<ParsedLabel>();

        assertThat(GoldFile.read(file, rows::add)).isEqualTo(new GoldFile.Report(2, 4, 0, null));
        assertThat(rows.get(0)).isInstanceOfSatisfying(LabelRow.class, label -> {
            assertThat(label.verdict()).isEqualTo(LabelRow.Verdict.TIE);
            assertThat(label.edit()).isEqualTo(new AttributeEdit("Coding & Debugging", null, null, null, null));
        });
        assertThat(rows.get(1)).isInstanceOfSatisfying(LabelRow.class, label -> {
            assertThat(label.verdict()).isNull();
            assertThat(label.edit()).isEqualTo(new AttributeEdit(null, "objective", null, null, "Run it."));
        });
        assertThat(rows.subList(2, 6))
                .extracting(row -> ((Refused) row).message())
                .satisfiesExactly(
                        message -> assertThat(message).contains("attributes.task_category", "Cooking", "Brainstorming"),
                        message -> assertThat(message).contains("colour", "annotation_guideline"),
                        message -> assertThat(message).contains("attributes", "object"),
                        message -> assertThat(message).contains("controversiality", "low, medium, high"));
    }

    @Test
    void inspectKeepsTenExamplesOfARule() throws Exception {
        Path file = Files.writeString(
                dir.resolve("a.jsonl"), "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"b\"}\n".repeat(12));
        InspectReport report = InspectReport.of(file, java.util.Map.of());

        assertThat(report.file().refused()).containsEntry(Rule.IDENTICAL_ANSWERS, 12L);
        assertThat(report.examples().get(Rule.IDENTICAL_ANSWERS)).hasSize(10);
    }
}
