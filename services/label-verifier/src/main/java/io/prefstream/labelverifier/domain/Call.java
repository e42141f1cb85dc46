package io.prefstream.labelverifier.domain;

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
public record Call(String id, String model, boolean chosenFirst, int sample) {

    /** Every call that a pair takes of one model: {@code samples} in each order. */
    public static List<Call> all(String pairId, String model, int samples) {
        List<Call> calls = new ArrayList<>(2 * samples);
        for (int sample = 0; sample < samples; sample++) {
            for (boolean chosenFirst : new boolean[] {true, false}) {
                String text = String.join(
                        "\u0000",
                        pairId,
                        "judge",
                        model,
                        JudgePrompt.VERSION,
                        chosenFirst ? "chosen-first" : "rejected-first",
                        Integer.toString(sample));
                calls.add(new Call(
                        HexFormat.of().formatHex(Hashes.sha256(text.getBytes(StandardCharsets.UTF_8))),
                        model,
                        chosenFirst,
                        sample));
            }
        }
        return calls;
    }
}
