package io.prefstream.labelverifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgingTest {

    private static final JudgePrompt.Shown PAIR = new JudgePrompt.Shown(
            List.of(new Message("user", "2+2?")), "Four.", "Five.", "Task: Math\n", "Check the sum.\n");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"verdict": "1", "reason": "right"}            | FIRST
                {"verdict": 2}                                 | SECOND
                ```json {"verdict": "tie"} ```                 | TIE
                so {"verdict": "1"} but then {"verdict": "2"}  | SECOND
                {"verdict": "cannot_tell"}                     | CANNOT_TELL
                After thought: [[A]]                           | FIRST
                [[A]] or rather [[B]]                          | SECOND
                [[C]]                                          | TIE
                My final verdict is [[B>>A]]                   | SECOND
                [[A>B]]                                        | FIRST
                [[A=B]]                                        | TIE
                m                                              | FIRST
                M                                              | SECOND
                <think>{"verdict": "1"}</think> [[B]]          | SECOND
                <think>never closed {"verdict": "1"}           | UNREADABLE
                {"verdict": "first"}                           | UNREADABLE
                Candidate 1 is better                          | UNREADABLE
                """)
    void readsWhatJudgesAnswer(String answer, Said said) {
        assertThat(VerdictParser.parse(answer).said()).isEqualTo(said);
    }

    @Test
    void keepsTheReason() {
        assertThat(Objects.requireNonNull(VerdictParser.parse("{\"verdict\": \"1\", \"reason\": \" short \"}")
                        .reason()))
                .isEqualTo("short");
    }

    @Test
    void holdsBothAnswersWordForWordAndSwapsThem() {
        String one = JudgePrompt.user(List.of(), PAIR, true, "m1", "c1");
        String other = JudgePrompt.user(List.of(), PAIR, false, "m1", "c1");

        assertThat(one).contains("<<Candidate 1 m1>>\nFour.\n<<end m1>>", "<<Candidate 2 m1>>\nFive.\n<<end m1>>");
        assertThat(other).contains("<<Candidate 1 m1>>\nFive.\n<<end m1>>", "<<Candidate 2 m1>>\nFour.\n<<end m1>>");
    }

    @Test
    void tellsAnExamplesVerdictInTheOrderShown() {
        var example = new JudgePrompt.Example(PAIR, true, false);

        assertThat(JudgePrompt.user(List.of(example), PAIR, true, "m1", "c1"))
                .contains("People's verdict: {\"verdict\": \"2\"}");
    }

    @Test
    void asksForTheCheckWordOutsideTheMarks() {
        String question = JudgePrompt.user(List.of(), PAIR, true, "m1", "c0ffee");

        assertThat(question.substring(question.lastIndexOf("<<end m1>>"))).contains("Check word: c0ffee");
        assertThat(question).contains("Check the sum.").containsOnlyOnce("c0ffee");
    }

    @Test
    void givesTheSameCallTheSameIdAndEveryOtherAnotherOne() {
        Judge two = judge(Map.of("judge.model", "m", "judge.samples", "2"));
        Judge one = judge(Map.of("judge.model", "m"));
        Judge other = judge(Map.of("judge.model", "other", "judge.samples", "2"));
        Judge named = judge(Map.of("judges.a.model", "m", "judges.a.samples", "2"));
        List<Call> calls = Call.all("p", two);

        assertThat(calls).extracting(Call::id).doesNotHaveDuplicates().hasSize(4);
        assertThat(Call.all("p", one)).extracting(Call::id).isEqualTo(ids(calls).subList(0, 2));
        assertThat(ids(Call.all("p", other))).doesNotContainAnyElementsOf(ids(calls));
        assertThat(ids(Call.all("p", named))).doesNotContainAnyElementsOf(ids(calls));
    }

    private static List<String> ids(List<Call> calls) {
        return calls.stream().map(Call::id).toList();
    }

    private static Judge judge(Map<String, String> settings) {
        return Judge.all(settings).getFirst();
    }
}
