package io.prefstream.labelverifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.pair.Message;
import io.prefstream.wire.LabelOutcome;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgingTest {

    private static final JudgePrompt.Shown PAIR =
            new JudgePrompt.Shown(List.of(new Message("user", "2+2?")), "Four.", "Five.", "Task: Math\n");

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
    void decidesOnlyWhereBothOrdersAgree() {
        assertThat(SelfConsistency.vote(List.of(Said.FIRST), List.of(Said.SECOND)))
                .isEqualTo(LabelOutcome.CHOSEN);
        assertThat(SelfConsistency.vote(List.of(Said.SECOND), List.of(Said.FIRST)))
                .isEqualTo(LabelOutcome.REJECTED);
        assertThat(SelfConsistency.vote(List.of(Said.FIRST), List.of(Said.FIRST)))
                .isEqualTo(LabelOutcome.UNDECIDED);
        assertThat(SelfConsistency.vote(List.of(Said.FIRST), List.of(Said.TIE))).isEqualTo(LabelOutcome.UNDECIDED);
    }

    @Test
    void takesTheMajorityOfSamplesInEachOrder() {
        assertThat(SelfConsistency.vote(
                        List.of(Said.FIRST, Said.FIRST, Said.TIE), List.of(Said.SECOND, Said.SECOND, Said.FIRST)))
                .isEqualTo(LabelOutcome.CHOSEN);
        assertThat(SelfConsistency.vote(
                        List.of(Said.FIRST, Said.SECOND, Said.UNREADABLE), List.of(Said.SECOND, Said.SECOND)))
                .isEqualTo(LabelOutcome.UNDECIDED);
    }

    @Test
    void holdsBothAnswersWordForWordAndSwapsThem() {
        String one = JudgePrompt.user(List.of(), PAIR, true, "m1");
        String other = JudgePrompt.user(List.of(), PAIR, false, "m1");

        assertThat(one).contains("<<Candidate 1 m1>>\nFour.\n<<end m1>>", "<<Candidate 2 m1>>\nFive.\n<<end m1>>");
        assertThat(other).contains("<<Candidate 1 m1>>\nFive.\n<<end m1>>", "<<Candidate 2 m1>>\nFour.\n<<end m1>>");
    }

    @Test
    void tellsAnExamplesVerdictInTheOrderShown() {
        var example = new JudgePrompt.Example(PAIR, true, false);

        assertThat(JudgePrompt.user(List.of(example), PAIR, true, "m1"))
                .contains("People's verdict: {\"verdict\": \"2\"}");
    }

    @Test
    void givesTheSameCallTheSameIdAndEveryOtherAnotherOne() {
        List<Call> calls = Call.all("p", "m", 2);

        assertThat(calls).extracting(Call::id).doesNotHaveDuplicates().hasSize(4);
        assertThat(Call.all("p", "m", 1)).isEqualTo(calls.subList(0, 2));
        assertThat(Call.all("p", "other", 2)).doesNotContainAnyElementsOf(calls);
    }
}
