package io.prefstream.labelverifier.domain;

import io.prefstream.core.judge.Judge;
import io.prefstream.llm.domain.PromptText;
import java.util.ArrayList;
import java.util.List;

/**
 * One call to a judge about a pair.
 *
 * @param id SHA-256 of all that makes the call what it is; the same call has the same id in every run
 * @param chosenFirst whether the chosen answer is Candidate 1
 * @param sample number of the sample in its order, from 0
 */
public record Call(String id, Judge judge, boolean chosenFirst, int sample) {

    /** Every call that a pair takes of a judge: its samples in each order. */
    public static List<Call> all(String pairId, Judge judge) {
        return all(pairId, judge, "");
    }

    /** The same calls made once more; {@code occasion} tells one time from another, and is empty the first time. */
    public static List<Call> all(String pairId, Judge judge, String occasion) {
        List<Call> calls = new ArrayList<>(judge.callsPerPair());
        for (int sample = 0; sample < judge.samples(); sample++) {
            for (boolean chosenFirst : new boolean[] {true, false}) {
                String id = PromptText.callId(
                        pairId,
                        "judge" + occasion,
                        judge.isNamed() ? judge.name() + "=" + judge.model() : judge.model(),
                        JudgePrompt.VERSION,
                        chosenFirst ? "chosen-first" : "rejected-first",
                        Integer.toString(sample));
                calls.add(new Call(id, judge, chosenFirst, sample));
            }
        }
        return calls;
    }

    /** What the marks around texts carry. */
    public String mark() {
        return PromptText.mark(id);
    }

    /** The word that the answer is to give back; a judged text can't know it. */
    public String checkWord() {
        return PromptText.checkWord(id);
    }
}
