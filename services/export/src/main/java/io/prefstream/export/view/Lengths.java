package io.prefstream.export.view;

import io.prefstream.core.pair.Message;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a conversation into the tokens that a trainer's model reads. */
@FunctionalInterface
public interface Lengths {

    /** Tokens of a conversation, in order; null when the model's template refuses it. */
    long @Nullable [] tokens(List<Message> conversation);

    /**
     * What a limit does to a pair.
     *
     * @param most tokens a side, 1 or more
     */
    default Published.Cut cut(Published pair, int most) {
        long[] chosen = tokens(pair.conversation(pair.chosen()));
        long[] rejected = tokens(pair.conversation(pair.rejected()));
        if (chosen == null || rejected == null) {
            return Published.Cut.REFUSED;
        }
        if (Arrays.equals(
                Arrays.copyOf(chosen, Math.min(most, chosen.length)),
                Arrays.copyOf(rejected, Math.min(most, rejected.length)))) {
            return Published.Cut.IDENTICAL;
        }
        return chosen.length > most || rejected.length > most ? Published.Cut.OVER_LENGTH : Published.Cut.NONE;
    }
}
