package io.prefstream.ingest.processor;

import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The check that every row passes, whoever sent it: our file readers refuse the same rows earlier, with the field's name
 * in the file. Stateless; any thread.
 */
final class StructuralCheck {

    /** Largest pair taken, in bytes of UTF-8 over all its texts. */
    static final long MAX_PAIR_BYTES = 8L << 20;

    /**
     * Why a row can't be used.
     *
     * @param rule stable name, such as {@code empty-answer}
     * @param reason a sentence with the field, without content
     */
    record Fault(String rule, String reason) {}

    private StructuralCheck() {}

    /** The first fault of the row, empty when it is a usable pair. */
    static Optional<Fault> of(PairIn row) {
        if (row.getRule() != null) {
            return fault(row.getRule(), row.getReason() == null ? "refused by its reader" : row.getReason());
        }
        String chosen = row.getChosen();
        String rejected = row.getRejected();
        if (chosen == null || chosen.isBlank()) {
            return fault("empty-answer", "chosen is missing or blank");
        }
        if (rejected == null || rejected.isBlank()) {
            return fault("empty-answer", "rejected is missing or blank");
        }
        if (chosen.equals(rejected)) {
            return fault("identical-answers", "chosen and rejected are the same text");
        }
        List<PairInMessage> history = row.getHistory();
        String last = history.isEmpty() ? "" : history.getLast().getRole();
        if (!last.equals("user") && !last.equals("tool")) {
            return fault("no-final-user-turn", "the turn before the answers must be a user's or a tool's");
        }
        List<String> texts = texts(row);
        long bytes = texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MAX_PAIR_BYTES) {
            return fault("too-large", "the pair has " + bytes + " bytes, at most " + MAX_PAIR_BYTES + " are taken");
        }
        return texts.stream().anyMatch(StructuralCheck::hasLoneSurrogate)
                ? fault("lone-surrogate", "a text holds half a character; write it as valid Unicode")
                : Optional.empty();
    }

    private static Optional<Fault> fault(String rule, String reason) {
        return Optional.of(new Fault(rule, reason));
    }

    /** Every text that travels with the pair, so that what passes fits on every topic. */
    private static List<String> texts(PairIn row) {
        List<String> texts = new ArrayList<>();
        row.getHistory().forEach(message -> {
            texts.add(message.getRole());
            texts.add(message.getContent());
        });
        texts.add(row.getChosen());
        texts.add(row.getRejected());
        row.getExtra().forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
        return texts;
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
