package io.prefstream.labelverifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.core.judge.Judge;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LlmAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {

    private static final Judge SAGE = judge(Map.of("judge.model", "sage-2"));
    private static final Judge CHECKED = judge(Map.of("judge.model", "sage-2", "judge.check", "on"));

    @ParameterizedTest
    @CsvSource(textBlock = """
            1, 2, CHOSEN
            2, 1, REJECTED
            1, 1, UNDECIDED
            2, 2, UNDECIDED
            1, tie, UNDECIDED
            tie, tie, UNDECIDED
            cannot_tell, 2, UNDECIDED
            """)
    void decidesOnlyWhereBothOrdersAgree(String chosenFirst, String rejectedFirst, LabelOutcome outcome) {
        Judgement judgement = of(SAGE, Map.of(), verdict(chosenFirst), verdict(rejectedFirst));

        assertThat(judgement.outcome()).isEqualTo(outcome);
        assertThat(judgement.error()).isNull();
    }

    @Test
    void tellsAnAnswerThatDependsOnTheOrder() {
        assertThat(of(SAGE, Map.of(), verdict("1"), verdict("1")).flipped()).isTrue();
        assertThat(of(SAGE, Map.of(), verdict("1"), verdict("2")).flipped()).isFalse();
        assertThat(of(SAGE, Map.of(), verdict("1"), verdict("tie")).leantTwice())
                .isFalse();
    }

    @Test
    void takesTheMajorityOfSamplesAndCountsWhatCannotBeReadAgainstIt() {
        Judge three = judge(Map.of("judge.model", "sage-2", "judge.samples", "3"));

        assertThat(of(three, Map.of(), verdict("1"), verdict("2"), verdict("1"), verdict("2"), "what?", verdict("1"))
                        .outcome())
                .isEqualTo(LabelOutcome.CHOSEN);
        assertThat(of(three, Map.of(), verdict("1"), verdict("2"), "what?", verdict("2"), "what?", verdict("2"))
                        .outcome())
                .isEqualTo(LabelOutcome.UNDECIDED);
    }

    @Test
    void hasNoVoteWhereAnOrderHoldsNoVerdict() {
        Judgement judgement = of(SAGE, Map.of(), verdict("1"), "I like both.");

        assertThat(judgement.error()).contains("no verdict");
        assertThat(judgement.outcome()).isEqualTo(LabelOutcome.UNDECIDED);
    }

    @Test
    void voidsAnAnswerWithoutTheCheckWord() {
        Judgement obeyed = of(CHECKED, Map.of(), verdict("1"), verdict("2"));
        assertThat(obeyed.error()).contains("check word");
        assertThat(obeyed.voided()).isEqualTo(2);

        List<Call> calls = Call.all("p", CHECKED);
        Judgement faithful = of(
                CHECKED,
                Map.of(),
                verdict("1", calls.get(0).checkWord()),
                verdict("2", calls.get(1).checkWord()));
        assertThat(faithful.error()).isNull();
        assertThat(faithful.outcome()).isEqualTo(LabelOutcome.CHOSEN);
    }

    @Test
    void aJudgeThatGivesTheWordOnceMustGiveItAlways() {
        List<Call> calls = Call.all("p", SAGE);

        assertThat(of(SAGE, Map.of(), verdict("1", calls.get(0).checkWord()), verdict("2"))
                        .error())
                .contains("check word");
        assertThat(of(SAGE, Map.of(), verdict("1"), verdict("2")).error()).isNull();
    }

    @Test
    void doesNotDecideAloneOverItsOwnFamilysAnswers() {
        Map<String, String> own = Map.of("chosen_model", "org/Sage-1-mini", "rejected_model", "other-7b");
        Judgement kin = of(SAGE, own, verdict("1"), verdict("2"));
        Judgement stranger = of(judge(Map.of("judge.model", "owl")), own, verdict("1"), verdict("2"));
        Judgement against = of(judge(Map.of("judge.model", "owl")), own, verdict("2"), verdict("1"));
        Judgement bothOwn =
                of(SAGE, Map.of("chosen_model", "sage-1", "rejected_model", "sage-3"), verdict("1"), verdict("2"));

        assertThat(kin.ownFamily()).isTrue();
        assertThat(Judgement.majority(List.of(kin))).isEqualTo(LabelOutcome.UNDECIDED);
        assertThat(Judgement.majority(List.of(kin, stranger))).isEqualTo(LabelOutcome.CHOSEN);
        assertThat(Judgement.majority(List.of(kin, kin, against))).isEqualTo(LabelOutcome.UNDECIDED);
        assertThat(Judgement.majority(List.of(bothOwn))).isEqualTo(LabelOutcome.CHOSEN);
    }

    private static Judgement of(Judge judge, Map<String, String> extra, String... answers) {
        List<Call> calls = Call.all("p", judge);
        Map<String, LlmAnswer> byId = new HashMap<>();
        IntStream.range(0, answers.length)
                .forEach(i -> byId.put(
                        calls.get(i).id(),
                        LlmAnswer.newBuilder()
                                .setCallId(calls.get(i).id())
                                .setPairId("p")
                                .setModel("m")
                                .setText(answers[i])
                                .setError(null)
                                .build()));
        return Judgement.of(judge, calls, byId, extra);
    }

    private static String verdict(String verdict) {
        return "{\"verdict\": \"" + verdict + "\"}";
    }

    private static String verdict(String verdict, String check) {
        return "{\"verdict\": \"" + verdict + "\", \"check\": \"" + check + "\"}";
    }

    private static Judge judge(Map<String, String> settings) {
        return Judge.all(settings).getFirst();
    }
}
