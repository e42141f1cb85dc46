package io.prefstream.labelverifier.domain;

import io.prefstream.core.judge.Judge;
import io.prefstream.core.stats.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One call to a judge about a pair.
 *
 * @param id SHA-256 of all that makes the call what it is; the same call has the same id in every run
 * @param chosenFirst whether the chosen answer is Candidate 1
 * @param sample number of the sample in its order, from 0
 */
public record Call(String id, Judge judge, boolean chosenFirst, int sample) {

    private static final int MARK_DIGITS = 12;
    private static final int CHECK_DIGITS = 8;

    /** Every call that a pair takes of a judge: its samples in each order. */
    public static List<Call> all(String pairId, Judge judge) {
        return all(pairId, judge, "");
    }

    /** The same calls made once more; {@code occasion} tells one time from another, and is empty the first time. */
    public static List<Call> all(String pairId, Judge judge, String occasion) {
        List<Call> calls = new ArrayList<>(judge.callsPerPair());
        for (int sample = 0; sample < judge.samples(); sample++) {
            for (boolean chosenFirst : new boolean[] {true, false}) {
                String id = hash(
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
        return id.substring(0, MARK_DIGITS);
    }

    /** The word that the answer is to give back; a judged text can't know it. */
    public String checkWord() {
        return hash(id, "check").substring(0, CHECK_DIGITS);
    }

    private static String hash(String... parts) {
        return HexFormat.of()
                .formatHex(Hashes.sha256(String.join("\u0000", parts).getBytes(StandardCharsets.UTF_8)));
    }
}
