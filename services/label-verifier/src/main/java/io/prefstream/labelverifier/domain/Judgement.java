package io.prefstream.labelverifier.domain;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.verdict.JudgeMajority;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LlmAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one judge says of a pair, out of its answers.
 *
 * @param outcome its vote; UNDECIDED too where it has none
 * @param error why it has no vote: a call failed, or an answer held no verdict; null when it has one
 * @param reason reason given; null when none
 * @param leantTwice whether it leant to an answer in both orders
 * @param flipped whether it then leant to the candidate in the same place rather than to the same answer
 * @param voided answers that lacked the check word
 * @param ownFamily whether just one of the two answers is of the judge's own model family
 */
public record Judgement(
        Judge judge,
        LabelOutcome outcome,
        @Nullable String error,
        @Nullable String reason,
        boolean leantTwice,
        boolean flipped,
        int voided,
        boolean ownFamily) {

    /**
     * Reads a judge's answers.
     *
     * @param calls the calls that the pair takes of the judge
     * @param answers their answers by call id
     * @param extra what the pair's row says besides; {@code chosen_model} and {@code rejected_model} tell the families
     */
    public static Judgement of(
            Judge judge, List<Call> calls, Map<String, LlmAnswer> answers, Map<String, String> extra) {
        boolean mustCheck = mustCheck(judge, calls, answers);
        Order chosenFirst = new Order();
        Order rejectedFirst = new Order();
        String reason = null;
        int voided = 0;
        for (Call call : calls) {
            Order order = call.chosenFirst() ? chosenFirst : rejectedFirst;
            LlmAnswer answer = answers.get(call.id());
            String text = answer == null ? null : answer.getText();
            if (answer == null || answer.getError() != null || text == null) {
                order.lacks(flaw(answer));
                continue;
            }
            VerdictParser.Parsed parsed = VerdictParser.parse(text);
            if (parsed.said() == Said.UNREADABLE) {
                order.lacks("no verdict can be read out of an answer");
            } else if (mustCheck && !VerdictParser.checks(text, call.checkWord())) {
                voided++;
                order.lacks("an answer lacks the check word, so it may have obeyed the judged text");
            } else {
                order.read++;
                order.said.add(parsed.said());
                reason = reason == null ? parsed.reason() : reason;
            }
        }
        String error = chosenFirst.read == 0 ? chosenFirst.lack : rejectedFirst.read == 0 ? rejectedFirst.lack : null;
        LabelOutcome one = leaning(chosenFirst.said, Said.FIRST, Said.SECOND);
        LabelOutcome other = leaning(rejectedFirst.said, Said.SECOND, Said.FIRST);
        boolean leantTwice = one != LabelOutcome.UNDECIDED && other != LabelOutcome.UNDECIDED;
        return new Judgement(
                judge,
                error == null && one == other ? one : LabelOutcome.UNDECIDED,
                error,
                reason,
                leantTwice,
                leantTwice && one != other,
                voided,
                isOwn(judge, extra.get("chosen_model")) != isOwn(judge, extra.get("rejected_model")));
    }

    /** The answers in one order. What can't be read counts against a majority, and an order without any is no vote. */
    private static final class Order {
        private final List<Said> said = new ArrayList<>();
        private int read;
        private @Nullable String lack;

        void lacks(String why) {
            said.add(Said.UNREADABLE);
            lack = lack == null ? why : lack;
        }
    }

    /** Whether it says which answer is better. */
    public boolean decided() {
        return outcome == LabelOutcome.CHOSEN || outcome == LabelOutcome.REJECTED;
    }

    /** What it leans to in one order, by majority. */
    private static LabelOutcome leaning(List<Said> answers, Said chosen, Said rejected) {
        long forChosen = answers.stream().filter(chosen::equals).count();
        long forRejected = answers.stream().filter(rejected::equals).count();
        long rest = answers.size() - forChosen - forRejected;
        return forChosen > forRejected + rest
                ? LabelOutcome.CHOSEN
                : forRejected > forChosen + rest ? LabelOutcome.REJECTED : LabelOutcome.UNDECIDED;
    }

    private static String flaw(@Nullable LlmAnswer answer) {
        return answer == null || answer.getError() == null ? "an answer is missing" : answer.getError();
    }

    /** Where it is not known, a judge that gives the word in one answer could have given it in all. */
    private static boolean mustCheck(Judge judge, List<Call> calls, Map<String, LlmAnswer> answers) {
        return switch (judge.check()) {
            case "on" -> true;
            case "off" -> false;
            default ->
                calls.stream().anyMatch(call -> {
                    LlmAnswer answer = answers.get(call.id());
                    return answer != null
                            && answer.getText() != null
                            && VerdictParser.checks(answer.getText(), call.checkWord());
                });
        };
    }

    private static boolean isOwn(Judge judge, @Nullable String model) {
        return model != null
                && !judge.family().isEmpty()
                && Judge.familyOf(model).equals(judge.family());
    }

    /** What judges that have a vote say together, by {@link JudgeMajority}. */
    public static LabelOutcome majority(List<Judgement> judgements) {
        JudgeMajority majority = new JudgeMajority();
        judgements.forEach(j -> majority.add(
                j.outcome() == LabelOutcome.CHOSEN ? 1 : j.outcome() == LabelOutcome.REJECTED ? -1 : 0, j.ownFamily()));
        return majority.side() > 0
                ? LabelOutcome.CHOSEN
                : majority.side() < 0 ? LabelOutcome.REJECTED : LabelOutcome.UNDECIDED;
    }
}
