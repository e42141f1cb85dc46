package io.prefstream.evaluation.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.evaluation.domain.RecordedRows.Recorded;
import io.prefstream.ingest.domain.RowFault;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedRowsTest {

    @Test
    void anOwnRowThatSaysWhatIsRightNeedsNoFile() throws RowFault {
        Recorded row = RecordedRows.read(new Row(
                1,
                Map.of(
                        "benchmark",
                        "rewardbench",
                        "item",
                        "donotanswer/1",
                        "part",
                        "donotanswer",
                        "right",
                        List.of(true, false),
                        "scores",
                        Arrays.asList(1.5, null))));

        ScoredItem item = row.item();
        assertThat(item).isNotNull();
        assertThat(item.scores()).containsExactly(1.5, Double.NEGATIVE_INFINITY);
        assertThat(item.failed()).isEqualTo(1);
    }

    @Test
    void aScoreThatAnOwnersProgramFailedOnCountsAsFailed() throws RowFault {
        Recorded row =
                RecordedRows.read(new Row(1, Map.of("benchmark", "rmb", "item", "x", "scores", List.of(2, "$ERROR$"))));

        assertThat(row.item()).isNull();
        assertThat(row.scores()).containsExactly(2, Double.NEGATIVE_INFINITY);
    }

    @Test
    void ofTwoJudgementsInBothOrdersTheFirstCounts() throws RowFault {
        Recorded row = RecordedRows.read(new Row(
                1,
                Map.of(
                        "pair_id",
                        "p",
                        "source",
                        "livebench-math",
                        "label",
                        "B>A",
                        "judgments",
                        List.of(Map.of("scores", List.of(1, 2)), Map.of("scores", List.of(2, 1))))));

        assertThat(row.benchmark()).isEqualTo("judgebench");
        assertThat(row.scores()).containsExactly(1, 2);
        assertThat(row.item().right()).containsExactly(false, true);
    }

    @Test
    void twoSolutionsAreOfRewardBenchAndTenOfRewardMath() throws RowFault {
        Recorded two = RecordedRows.read(
                new Row(3, Map.of("solution_reference", List.of("chosen", "rejected"), "score", List.of(1, 2))));
        Recorded three = RecordedRows.read(new Row(
                4, Map.of("solution_reference", List.of("a", "human_to_GPT-4", "b"), "score", List.of(1, 2, 3))));

        assertThat(two.benchmark()).isEqualTo("rewardbench");
        assertThat(two.item().part()).isEqualTo("math-prm");
        assertThat(three.benchmark()).isEqualTo("rewardmath");
        assertThat(three.item().right()).containsExactly(false, true, false);
    }

    @Test
    void rowsThatNoFormulaTakesAreRefusedWithTheirField() {
        assertFault(Map.of("item", "x"), "benchmark");
        assertFault(Map.of("benchmark", "rmbench", "item", "x", "scores", List.of(1, 2)), "benchmark");
        assertFault(Map.of("benchmark", "rmb", "item", "x", "scores", List.of("high", 2)), "scores");
        assertFault(
                Map.of(
                        "benchmark",
                        "rm-bench",
                        "item",
                        "x",
                        "part",
                        "chat",
                        "right",
                        List.of(true, false),
                        "scores",
                        List.of(1, 2)),
                "part");
        assertFault(
                Map.of(
                        "benchmark",
                        "rmb",
                        "item",
                        "x",
                        "part",
                        "pairs/helpfulness/a",
                        "right",
                        List.of(true, true),
                        "scores",
                        List.of(1, 2)),
                "part");
        assertFault(
                Map.of("benchmark", "rmb", "item", "x", "part", "a", "right", List.of(true), "scores", List.of(1, 2)),
                "right");
    }

    private static void assertFault(Map<String, Object> fields, String field) {
        assertThatThrownBy(() -> RecordedRows.read(new Row(1, Map.copyOf(fields))))
                .isInstanceOfSatisfying(
                        RowFault.class, fault -> assertThat(fault.field()).isEqualTo(field));
    }
}
