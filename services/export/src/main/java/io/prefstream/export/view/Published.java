package io.prefstream.export.view;

import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A published pair, better answer first.
 *
 * @param pairId id of the pair as it is published
 * @param sourcePairId id of the pair as it came; another one when its label was turned round
 * @param sourceId the row's own id; null when it had none
 * @param file file that it came in
 * @param group prompt group, which is never parted between splits
 * @param split train or validation
 * @param category task category; empty when unknown
 * @param history turns before the answers
 * @param labelSource human, llm, rm or flip
 * @param rule rule that decided it
 * @param margin log-odds that the published order is right
 * @param cut what happens to it at the length asked for
 */
public record Published(
        String pairId,
        String sourcePairId,
        @Nullable String sourceId,
        String file,
        String group,
        String split,
        String category,
        List<Message> history,
        String chosen,
        String rejected,
        String labelSource,
        String rule,
        double margin,
        Cut cut) {

    /** What a limit of length does to a pair. */
    public enum Cut {
        /** Nothing, or no limit was asked for. */
        NONE(""),
        /** A side is longer. */
        OVER_LENGTH("over-length"),
        /** The sides are equal where they are cut. */
        IDENTICAL("identical-after-cut"),
        /** The model's chat template refuses the conversation. */
        REFUSED("refused-by-template");

        private final String word;

        Cut(String word) {
            this.word = word;
        }

        /** Its name in files; empty for none. */
        public String word() {
            return word;
        }
    }

    /** The same with what a limit does to it. */
    public Published cut(Cut found) {
        return new Published(
                pairId,
                sourcePairId,
                sourceId,
                file,
                group,
                split,
                category,
                history,
                chosen,
                rejected,
                labelSource,
                rule,
                margin,
                found);
    }

    /** The conversation that ends in an answer. */
    public List<Message> conversation(String answer) {
        return Stream.concat(history.stream(), Stream.of(new Message("assistant", answer)))
                .toList();
    }
}
