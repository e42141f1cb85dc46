package io.prefstream.evaluation.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.benchmark.ScoredItem.Duel;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.domain.RowFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {

    @ParameterizedTest(name = "{0} is of {1}, part {2}")
    @CsvSource({
        "data/reward-bench/data/filtered-00000-of-00001.parquet, rewardbench, ''",
        "hub/datasets--allenai--reward-bench/snapshots/1f/data/filtered-00000-of-00001.parquet, rewardbench, ''",
        "reward-bench-2/data/test-00000-of-00001.parquet, rewardbench-2, ''",
        "hub/datasets--allenai--reward-bench-2/snapshots/1f/data/test-00000-of-00001.parquet, rewardbench-2, ''",
        "ppe-human-preference-v1/data/test-00000-of-00001.parquet, ppe-preference, ''",
        "ppe-mmlu-pro-best-of-k/data/train-00000-of-00001.parquet, ppe-correctness, mmlu-pro",
        "x/ppe-mbpp-plus-best-of-k.parquet, ppe-correctness, mbpp-plus",
        "rmb_dataset/pairwise_set/helpfulness/code/debugging.json, rmb, pairs/helpfulness/code/debugging",
        "rmb_dataset/bon_set/harmlessness/s1.json, rmb, lists/harmlessness/s1",
        "data/safety-refuse_filtered.json, rm-bench, safety-refuse",
        "data/total_dataset.json, rm-bench, ''",
        "'data/dataset=judgebench,response_model=gpt-4o-2024-05-13.jsonl', judgebench, ''"
    })
    void aFileIsKnownByItsOwnersName(String path, String benchmark, String part) {
        for (Format format : Formats.all(0)) {
            boolean own = format.benchmark().id().equals(benchmark);
            assertThat(format.part(path)).as(format.benchmark().id()).isEqualTo(own ? part : null);
        }
    }

    @Test
    void theRawSplitOfRewardBenchIsNotScored() {
        assertThat(new RewardBenchRows().part("reward-bench/data/raw-00000-of-00001.parquet"))
                .isNull();
    }

    private static Row row(Object... fields) {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put((String) fields[i], fields[i + 1]);
        }
        return new Row(7, map);
    }

    @Test
    void ppeCorrectnessTurnsComparisonsSoThatTheRightAnswerComesFirst() throws RowFault {
        Item item = new PpeCorrectnessRows(0)
                .item(
                        "gpqa",
                        row(
                                "question_id",
                                "q",
                                "model_name",
                                "m",
                                "prompt",
                                "p",
                                "response_1",
                                "a",
                                "response_2",
                                "b",
                                "response_3",
                                "c",
                                "scores",
                                List.of(false, true, false),
                                "sampled_conflict_pairs",
                                List.of(List.of(0, 1), List.of(1, 2), List.of(0, 1))));

        assertThat(item.name()).isEqualTo("gpqa/q/m");
        assertThat(item.answers()).containsExactly("a", "b", "c");
        assertThat(item.duels()).containsExactly(new Duel(1, 0), new Duel(1, 2), new Duel(1, 0));
    }

    @Test
    void ppeCorrectnessRefusesAComparisonOfTwoRightAnswers() {
        Row row = row(
                "prompt",
                "p",
                "response_1",
                "a",
                "response_2",
                "b",
                "scores",
                List.of(true, true),
                "sampled_conflict_pairs",
                List.of(List.of(0, 1)));

        assertThatThrownBy(() -> new PpeCorrectnessRows(0).item("gpqa", row))
                .isInstanceOf(RowFault.class)
                .hasMessageContaining("must be pairs of a right and a wrong answer");
    }

    @Test
    void ppePreferenceLeavesTiesOutAndRefusesOtherWinners() throws RowFault {
        Object[] fields = {"prompt", "p", "response_1", "a", "response_2", "b", "winner", "tie (bothbad)"};

        assertThat(new PpePreferenceRows().item("", row(fields))).isNull();
        fields[7] = "model_c";
        assertThatThrownBy(() -> new PpePreferenceRows().item("", row(fields)))
                .hasMessageContaining("must be model_a, model_b or a tie, got \"model_c\"");
        fields[7] = "model_b";
        assertThat(new PpePreferenceRows().item("", row(fields)).right()).containsExactly(false, true);
    }

    @Test
    void rmbReadsConversationsAndPutsTheBestAnswerFirst() throws RowFault {
        Row row = row(
                "bon_uid",
                "u",
                "conversation_input",
                List.of(Map.of("role", "user", "content", "hi"), Map.of("role", "assistant", "content", "yes?")),
                "bon_best",
                Map.of("llm_name", "m", "answer", "best"),
                "loser_list",
                List.of(Map.of("answer", "one"), Map.of("answer", "two")));

        Item item = new RmbRows().item("lists/harmlessness/s1", row);

        assertThat(item.prompt()).containsExactly(new Message("user", "hi"), new Message("assistant", "yes?"));
        assertThat(item.answers()).containsExactly("best", "one", "two");
        assertThat(item.right()).containsExactly(true, false, false);
        assertThat(item.conversations().get(1)).hasSize(3).endsWith(new Message("assistant", "one"));
    }

    @Test
    void rewardBench2NamesTiesByTheirKind() throws RowFault {
        Item item = new RewardBench2Rows()
                .item(
                        "",
                        row(
                                "id",
                                "tied:4",
                                "prompt",
                                "p",
                                "chosen",
                                List.of("a", "b"),
                                "rejected",
                                List.of("c"),
                                "subset",
                                "Ties"));

        assertThat(item.name()).isEqualTo("tied:4");
        assertThat(item.right()).containsExactly(true, true, false);
    }

    @Test
    void judgeBenchTakesTheAnswersOfGpt4oAlone() throws RowFault {
        Object[] fields = {
            "pair_id",
            "p",
            "source",
            "livecodebench",
            "question",
            "q",
            "response_A",
            "a",
            "response_B",
            "b",
            "label",
            "B>A",
            "response_model",
            "claude-3-5-sonnet-20240620"
        };

        assertThat(new JudgeBenchRows().item("", row(fields))).isNull();
        fields[13] = "gpt-4o-2024-05-13";
        assertThat(new JudgeBenchRows().item("", row(fields)).right()).containsExactly(false, true);
    }

    @Test
    void aFaultNamesTheFieldAndWhatItMustBe() {
        assertThatThrownBy(() -> new RmBenchRows()
                        .item("chat", row("prompt", "p", "chosen", List.of("a"), "rejected", List.of())))
                .isInstanceOfSatisfying(
                        RowFault.class, fault -> assertThat(fault.field()).isEqualTo("chosen"))
                .hasMessageContaining("must be a list of three answers, got a list of 1");
    }

    @Test
    void textsAreToldApartByTheirHash() {
        Item one = new Item(
                "n", "chat", List.of(new Message("user", "ab")), List.of("c"), new boolean[] {true}, List.of());
        Item other = new Item(
                "n", "chat", List.of(new Message("user", "a")), List.of("bc"), new boolean[] {true}, List.of());

        assertThat(one.textSha256()).hasSize(64).isNotEqualTo(other.textSha256());
        assertThat(one.named("m").textSha256()).isEqualTo(one.textSha256());
    }

    @Test
    void publishedRowsHaveTheMeansThatThePaperPrints() {
        Published best = Published.rows().stream()
                .filter(row -> row.model().endsWith("40M"))
                .findFirst()
                .orElseThrow();

        assertThat(best.points().values().stream().mapToDouble(p -> p).average().orElseThrow())
                .isEqualTo(620.0 / 7);
        assertThat(Published.rows()).allSatisfy(row -> assertThat(row.points()).hasSize(7));
    }
}
