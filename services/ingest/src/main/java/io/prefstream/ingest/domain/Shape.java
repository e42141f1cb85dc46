package io.prefstream.ingest.domain;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ways pairs are written, told apart by a file's columns. */
public enum Shape {
    TRL_EXPLICIT,
    TRL_IMPLICIT,
    DISTILABEL,
    HH_RLHF,
    PLAIN_STRINGS,
    LLAMA_FACTORY_ALPACA,
    LLAMA_FACTORY_SHAREGPT,
    REWARDBENCH_1,
    REWARDBENCH_2,
    CHATBOT_ARENA,
    MT_BENCH_HUMAN,
    /** Several answers to one prompt, with ranks (1 is the best) or ratings (more is better). */
    K_WAY;

    /** Stable name, such as {@code trl-explicit}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The shape of a file, from one example value a column.
     *
     * @return empty when no shape fits, or when two do
     */
    public static Optional<Shape> of(Map<String, @Nullable Object> sample) {
        boolean battle = sample.containsKey("conversation_a")
                && sample.containsKey("conversation_b")
                && sample.containsKey("winner");
        Object chosen = sample.get("chosen");
        boolean pair = sample.containsKey("chosen") && sample.containsKey("rejected");
        boolean several =
                sample.containsKey("candidates") && (sample.containsKey("ranking") || sample.containsKey("ratings"));
        if (several && !battle && !pair) {
            return Optional.of(K_WAY);
        }
        if (battle == pair) {
            return Optional.empty();
        }
        if (battle) {
            boolean arena = sample.containsKey("tstamp") || sample.containsKey("anony");
            return Optional.of(arena || !sample.containsKey("turn") ? CHATBOT_ARENA : MT_BENCH_HUMAN);
        }
        boolean conversation = sample.containsKey("conversations") || sample.containsKey("messages");
        if (sample.containsKey("instruction")) {
            return sample.containsKey("prompt") || conversation ? Optional.empty() : Optional.of(LLAMA_FACTORY_ALPACA);
        }
        if (chosen instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof String) {
            return sample.containsKey("prompt") ? Optional.of(REWARDBENCH_2) : Optional.empty();
        }
        if (chosen instanceof Map || (conversation && !(chosen instanceof List))) {
            return conversation ? Optional.of(LLAMA_FACTORY_SHAREGPT) : Optional.empty();
        }
        if (chosen instanceof String text && Conversations.isTagged(text)) {
            return Optional.of(HH_RLHF);
        }
        Object prompt = sample.get("prompt");
        if (prompt instanceof String) {
            if (chosen instanceof List) {
                return Optional.of(DISTILABEL);
            }
            return Optional.of(
                    sample.containsKey("chosen_model") && sample.containsKey("subset") ? REWARDBENCH_1 : PLAIN_STRINGS);
        }
        if (prompt instanceof List) {
            return Optional.of(TRL_EXPLICIT);
        }
        return chosen instanceof List ? Optional.of(TRL_IMPLICIT) : Optional.empty();
    }
}
