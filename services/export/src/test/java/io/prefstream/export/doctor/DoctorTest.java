package io.prefstream.export.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.pair.Message;
import io.prefstream.export.view.Lengths;
import io.prefstream.export.view.Target;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class DoctorTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "{'role': 'user', 'content': 'q'}";
    private static final String GOOD = "{'role': 'assistant', 'content': 'yes'}";
    private static final String BAD = "{'role': 'assistant', 'content': 'no'}";

    /** The shapes of the matrix, and which trainers' own code takes them; made by bench/doctor_truth.py. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "explicit | {'prompt': [U], 'chosen': [G], 'rejected': [B]} | trl openrlhf",
                "explicit-full | {'prompt': [U], 'chosen': [U, G], 'rejected': [U, B]} | openrlhf rewardbench",
                "implicit | {'chosen': [U, G], 'rejected': [U, B]} | trl openrlhf rewardbench",
                "answers-only | {'chosen': [G], 'rejected': [B]} | none",
                "distilabel | {'prompt': 'q', 'chosen': [U, G], 'rejected': [U, B]} | openrlhf rewardbench",
                "text-prompt-lists | {'prompt': 'q', 'chosen': [G], 'rejected': [B]} | none",
                "plain | {'prompt': 'q', 'chosen': 'a', 'rejected': 'b'} | trl openrlhf llamafactory rewardbench nemo-rl",
                "plain-implicit | {'chosen': 'a', 'rejected': 'b'} | trl openrlhf",
                "tagged | {'chosen': '\\n\\nHuman: q\\n\\nAssistant: a', 'rejected': '\\n\\nHuman: q\\n\\nAssistant: b'}"
                        + " | trl openrlhf",
                "list-prompt-texts | {'prompt': [U], 'chosen': 'a', 'rejected': 'b'} | rewardbench nemo-rl",
                "alpaca | {'instruction': 'q', 'input': '', 'chosen': 'a', 'rejected': 'b'} | openrlhf llamafactory nemo-rl",
                "messages | {'messages': [U], 'chosen': G, 'rejected': B} | llamafactory",
                "messages-lists | {'messages': [U], 'chosen': [G], 'rejected': [B]} | openrlhf",
                "axolotl | {'system': null, 'input': 'q', 'chosen': 'a', 'rejected': 'b'}"
                        + " | openrlhf llamafactory axolotl rewardbench nemo-rl",
                "axolotl-no-system | {'input': 'q', 'chosen': 'a', 'rejected': 'b'}"
                        + " | openrlhf llamafactory rewardbench nemo-rl",
                "nemo-rl | {'context': [U], 'completions': [{'rank': 0, 'completion': [G]}, {'rank': 1, 'completion': [B]}]}"
                        + " | nemo-rl",
                "rewardbench-2 | {'prompt': 'q', 'chosen': ['a'], 'rejected': ['b', 'c', 'd'], 'id': '1', 'subset': 'Math',"
                        + " 'num_correct': 1, 'total_completions': 4} | rewardbench",
            })
    void agreesWithTheTrainersOnEveryShape(String name, String row, String takenBy) {
        Set<Target> run = EnumSet.of(
                Target.TRL, Target.OPENRLHF, Target.LLAMAFACTORY, Target.REWARDBENCH, Target.AXOLOTL, Target.NEMO_RL);

        Diagnosis found = look(run, row);

        Set<String> ready = found.verdicts().stream()
                .filter(v -> v.errors() == 0)
                .map(v -> v.target().word())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ready)
                .as(name)
                .isEqualTo(takenBy.equals("none") ? Set.of() : new TreeSet<>(List.of(takenBy.split(" "))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "trl | prompt-twice | {'prompt': [U], 'chosen': [U, G], 'rejected': [U, B]}",
                "trl | equal-sides | {'prompt': [U], 'chosen': [G], 'rejected': [G]}",
                "trl | empty-answer | {'prompt': [U], 'chosen': [{'role': 'assistant', 'content': ' '}], 'rejected': [B]}",
                "trl | null-field | {'prompt': [U], 'chosen': null, 'rejected': [B]}",
                "trl | unknown-role | {'prompt': [{'role': 'bot', 'content': 'x'}, U], 'chosen': [G], 'rejected': [B]}",
                "trl | assistant-last | {'prompt': [U, G], 'chosen': [G], 'rejected': [B]}",
                "trl | roles-not-alternating | {'prompt': [U, U], 'chosen': [G], 'rejected': [B]}",
                "trl | no-user-turn | {'prompt': [{'role': 'system', 'content': 'x'}], 'chosen': [G], 'rejected': [B]}",
                "trl | system-not-first | {'prompt': [U, {'role': 'system', 'content': 'x'}], 'chosen': [G], 'rejected': [B]}",
                "trl | no-final-answer | {'chosen': [U, G, U], 'rejected': [U, B, U]}",
                "trl | sides-part-early | {'chosen': [U, G, U, G], 'rejected': [U, B, U, B]}",
                "trl | content-not-text | {'prompt': [{'role': 'user', 'content': []}], 'chosen': [G], 'rejected': [B]}",
                "trl | margin-not-number | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'margin': 'big'}",
                "trl | margin-negative | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'margin': -1}",
                "trl | margin-null | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'margin': null}",
                "trl | margin-used | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'margin': 0.7}",
                "openrlhf | margin-needs-flag | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'margin': 0.7}",
                "trl | rating-tie | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'chosen_rating': 4, 'rejected_rating': 4}",
                "trl | rating-missing | {'prompt': [U], 'chosen': [G], 'rejected': [B], 'chosen_rating': null, 'rejected_rating': 4}",
                "trl | special-tokens | {'prompt': 'q', 'chosen': 'a</s>b', 'rejected': 'b'}",
                "trl | label-not-boolean | {'prompt': [U], 'completion': [G], 'label': 'yes'}",
                "trl | labels-one-sided | {'prompt': [U], 'completion': [G], 'label': true}",
                "openrlhf | columns-of-another-trainer | {'prompt': [U], 'completion': [G], 'label': true}",
                "trl | unknown-shape | {'question': 'q'}",
                "llamafactory | even-turns | {'messages': [U, G], 'chosen': G, 'rejected': B}",
                "llamafactory | answer-role | {'messages': [U], 'chosen': U, 'rejected': B}",
                "rewardbench | even-turns | {'chosen': [{'role': 'system', 'content': 's'}, U, G],"
                        + " 'rejected': [{'role': 'system', 'content': 's'}, U, B]}",
                "rewardbench | counts-differ | {'prompt': 'q', 'chosen': ['a'], 'rejected': ['b'], 'id': '1', 'subset': 'Math',"
                        + " 'num_correct': 2, 'total_completions': 2}",
                "rewardbench | column-missing | {'prompt': 'q', 'chosen': ['a'], 'rejected': ['b']}",
                "nemo-rl | not-two-completions | {'context': [U], 'completions': [{'rank': 0, 'completion': [G]},"
                        + " {'rank': 1, 'completion': [B]}, {'rank': 2, 'completion': [B]}]}",
                "nemo-rl | equal-ranks | {'context': [U], 'completions': [{'rank': 0, 'completion': [G]},"
                        + " {'rank': 0, 'completion': [B]}]}",
                "verl | no-data-source | {'prompt': [U], 'reward_model': {'style': 'model'}}",
            })
    void namesTheRule(String target, String rule, String row) {
        Diagnosis found = look(Set.of(Target.named(target).orElseThrow()), row);

        assertThat(rules(found)).contains(rule);
        assertThat(found.findings().getFirst().first().getFirst().file()).isEqualTo("rows.jsonl");
    }

    /** Rows as each target wants them, of random turns and texts. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void findsNothingInRowsOfTheRightShape(Target target) {
        Random random = new Random(7);
        Doctor doctor = new Doctor(Set.of(target), 0, null, new BenchmarkPrompts());
        doctor.begin(target == Target.VERL || target == Target.CANONICAL ? "train.parquet" : "train.jsonl", false);

        for (int line = 1; line <= 50; line++) {
            doctor.row(line, right(target, line, random));
        }

        assertThat(doctor.end().healthy()).isTrue();
    }

    @Test
    void seesDuplicatesContradictionsLeaksAndMixedColumns() {
        Doctor doctor = new Doctor(Set.of(Target.TRL), 0, null, new BenchmarkPrompts());
        doctor.begin("train.jsonl", false);
        doctor.row(1, row("{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}"));
        doctor.row(2, row("{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}"));
        doctor.row(3, row("{'prompt': 'q', 'chosen': 'b', 'rejected': 'a'}"));
        doctor.row(4, row("{'prompt': [U], 'chosen': [G], 'rejected': [B]}"));
        doctor.begin("validation.jsonl", false);
        doctor.row(1, row("{'prompt': ' Q', 'chosen': 'c', 'rejected': 'd'}"));

        Diagnosis found = doctor.end();

        assertThat(rules(found)).contains("duplicate", "contradiction", "split-leak", "mixed-types");
        assertThat(at(found, "duplicate")).isEqualTo("train.jsonl:2");
        assertThat(at(found, "contradiction")).isEqualTo("train.jsonl:3");
        assertThat(at(found, "split-leak")).isEqualTo("validation.jsonl:1");
    }

    @Test
    void seesALeakThroughTheColumnSplitAndAFileThatIsHeldOut() {
        Doctor doctor = new Doctor(Set.of(Target.TRL), 0, null, new BenchmarkPrompts());
        doctor.begin("all.jsonl", false);
        doctor.row(1, row("{'prompt': 'q', 'chosen': 'a', 'rejected': 'b', 'split': 'train'}"));
        doctor.row(2, row("{'prompt': 'q', 'chosen': 'c', 'rejected': 'd', 'split': 'test'}"));
        doctor.begin("other.jsonl", true);
        doctor.row(1, row("{'prompt': 'q', 'chosen': 'e', 'rejected': 'f'}"));

        Finding leak = doctor.end().findings().getFirst();

        assertThat(leak.rule()).isEqualTo("split-leak");
        assertThat(leak.count()).isEqualTo(2);
    }

    @Test
    void countsWhatALimitDoesForEachTrainer() {
        Lengths words = DoctorTest::words;
        Doctor doctor = new Doctor(EnumSet.of(Target.TRL, Target.OPENRLHF), 3, words, new BenchmarkPrompts());
        doctor.begin("rows.jsonl", false);
        doctor.row(
                1,
                row("{'chosen': [U, {'role': 'assistant', 'content': 'a b c d'}],"
                        + " 'rejected': [U, {'role': 'assistant', 'content': 'a b c e'}]}"));
        doctor.row(
                2,
                row("{'chosen': [U, {'role': 'assistant', 'content': 'x b c d'}],"
                        + " 'rejected': [U, {'role': 'assistant', 'content': 'y'}]}"));

        Diagnosis found = doctor.end();

        assertThat(at(found, "identical-after-cut")).isEqualTo("rows.jsonl:1");
        assertThat(at(found, "cut")).isEqualTo("rows.jsonl:2");
        assertThat(found.findings().stream()
                        .filter(f -> f.rule().equals("dropped"))
                        .map(Finding::count))
                .containsExactly(2L);
    }

    @Test
    void saysHowOftenTheLongerAnswerIsChosen() {
        Doctor doctor = new Doctor(Set.of(Target.TRL), 0, null, new BenchmarkPrompts());
        doctor.begin("rows.jsonl", false);
        for (int i = 0; i < 40; i++) {
            String texts = i < 30 ? "'chosen': 'long " + i + "', 'rejected': 's'" : "'chosen': 's', 'rejected': 'long'";
            doctor.row(i + 1, row("{'prompt': 'q" + i + "', " + texts + "}"));
        }

        Finding bias = doctor.end().findings().stream()
                .filter(f -> f.rule().equals("length-bias"))
                .findFirst()
                .orElseThrow();

        assertThat(bias.severity()).isEqualTo(Severity.NOTE);
        assertThat(bias.what()).contains("75.0 %");
    }

    @Test
    void findsTheTextOfABenchmark() {
        BenchmarkPrompts benchmark = new BenchmarkPrompts();
        benchmark.add("bench.jsonl", "1", "name three rivers");
        Doctor doctor = new Doctor(Set.of(Target.TRL), 0, null, benchmark);
        doctor.begin("rows.jsonl", false);
        doctor.row(1, row("{'prompt': 'Name three rivers!', 'chosen': 'a', 'rejected': 'b'}"));

        assertThat(rules(doctor.end())).contains("benchmark-overlap");
    }

    @Test
    void saysThatListsInCsvAreTextsAndThatPackedFilesAreNotFound() {
        Doctor doctor = new Doctor(EnumSet.allOf(Target.class), 0, null, new BenchmarkPrompts());
        doctor.begin("rows.csv.gz", false);
        doctor.row(1, row("{'chosen': [U, G], 'rejected': [U, B]}"));

        assertThat(rules(doctor.end())).contains("csv-json", "packed-file");
    }

    @Test
    void keepsFaultsAndDamageWithTheirPlaces() {
        Doctor doctor = new Doctor(Set.of(Target.TRL), 0, null, new BenchmarkPrompts());
        doctor.begin("rows.jsonl", false);
        doctor.fault(3, "not-json", "chosen", "no JSON at column 5");
        doctor.fault(4, "too-large", "", "9000000 bytes");
        doctor.damaged("the compressed data ends early");

        Diagnosis found = doctor.end();

        assertThat(rules(found)).containsExactlyInAnyOrder("unreadable-row", "damaged-file", "row-too-large");
        assertThat(at(found, "unreadable-row")).isEqualTo("rows.jsonl:3 chosen (no JSON at column 5)");
        assertThat(found.healthy()).isFalse();
    }

    @Test
    void reportsFitAScreenAndEndInAVerdictForEachTrainer() throws JsonProcessingException {
        Diagnosis found =
                look(EnumSet.of(Target.TRL, Target.OPENRLHF), "{'prompt': [U], 'chosen': [U, G], 'rejected': [U, B]}");

        List<String> lines = DoctorReport.text(found).lines().toList();

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(96));
        assertThat(lines).contains("trl: 1 error, 0 warnings");
        assertThat(lines.getLast()).startsWith("openrlhf: 0 errors, 1 warning");
        assertThat(JSON.readTree(DoctorReport.json(found)).path("verdicts")).hasSize(2);
    }

    private static Map<String, @Nullable Object> right(Target target, int line, Random random) {
        StringBuilder turns = new StringBuilder("{'role': 'user', 'content': 'q" + line + "'}");
        int more = target == Target.AXOLOTL ? 0 : random.nextInt(3);
        for (int i = 0; i < more; i++) {
            turns.append(", ").append(GOOD).append(", ").append(USER);
        }
        String good = "yes " + random.nextInt(1000);
        String bad = "no " + random.nextInt(1000);
        String g = "{'role': 'assistant', 'content': '" + good + "'}";
        String b = "{'role': 'assistant', 'content': '" + bad + "'}";
        String texts = "'chosen': '" + good + "', 'rejected': '" + bad + "'}";
        return row(
                switch (target) {
                    case TRL, OPENRLHF -> "{'prompt': [" + turns + "], 'chosen': [" + g + "], 'rejected': [" + b + "]}";
                    case LLAMAFACTORY -> "{'messages': [" + turns + "], 'chosen': " + g + ", 'rejected': " + b + "}";
                    case AXOLOTL -> "{'system': null, 'input': 'q" + line + "', " + texts;
                    case NEMO_RL ->
                        "{'context': [" + turns + "], 'completions': [{'rank': 0, 'completion': [" + g
                                + "]}, {'rank': 1, 'completion': [" + b + "]}]}";
                    case VERL -> "{'prompt': 'q" + line + "', " + texts;
                    case REWARDBENCH, RLHFLOW ->
                        "{'chosen': [" + turns + ", " + g + "], 'rejected': [" + turns + ", " + b + "]}";
                    case CANONICAL -> "{'prompt': [" + turns + "], " + texts;
                });
    }

    private static long[] words(List<Message> conversation) {
        return conversation.stream()
                .flatMap(m -> List.of(m.content().split(" ")).stream())
                .mapToLong(String::hashCode)
                .toArray();
    }

    private static Diagnosis look(Set<Target> targets, String row) {
        Doctor doctor = new Doctor(targets, 0, null, new BenchmarkPrompts());
        doctor.begin("rows.jsonl", false);
        doctor.row(1, row(row));
        return doctor.end();
    }

    private static Set<String> rules(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::rule).collect(Collectors.toSet());
    }

    private static String at(Diagnosis diagnosis, String rule) {
        return diagnosis.findings().stream()
                .filter(f -> f.rule().equals(rule))
                .findFirst()
                .orElseThrow()
                .first()
                .getFirst()
                .toString();
    }

    /** A row in JSON with single quotes, where U, G and B stand for messages. */
    private static Map<String, @Nullable Object> row(String text) {
        String json = text.replaceAll("\\bU\\b", USER)
                .replaceAll("\\bG\\b", GOOD)
                .replaceAll("\\bB\\b", BAD)
                .replace('\'', '"');
        try {
            return JSON.readValue(json, new TypeReference<Map<String, @Nullable Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
