package io.prefstream.attributetagger.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.TaskCategory;
import io.prefstream.core.stats.Hashes;
import io.prefstream.llm.domain.PromptText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The question to a language model about a pair's attributes. Texts are abridged, so that a question stays under 12,000
 * characters, and stand between marks that carry a number no text can know. The answers stand in an order drawn by hash: the
 * original label can't be told from it.
 */
public final class TagPrompt {

    /** Version of the prompt; part of every call's id, so a new text asks anew. */
    public static final String VERSION = "tag/2";

    /** JSON schema of the answer. */
    public static final String SCHEMA = schema();

    private static final int LAST_TURN = 3000;
    private static final int TURN = 400;
    private static final int TURNS = 4;
    private static final int ANSWER = 1200;
    private static final String SYSTEM =
            PromptText.resource(TagPrompt.class, "/io/prefstream/attributetagger/tag-2.txt");

    private TagPrompt() {}

    /** The system message. */
    public static String system() {
        return SYSTEM;
    }

    /** Id of the call about a pair: SHA-256 of all that makes it what it is, the same in every run. */
    public static String callId(String pairId, String model) {
        return PromptText.callId(pairId, "tag", model, VERSION);
    }

    /** The user message. */
    public static String user(String pairId, List<Message> history, String chosen, String rejected, String callId) {
        String mark = PromptText.mark(callId);
        boolean chosenFirst = (Hashes.of(0, "tag-order", pairId) & 1) == 0;
        StringBuilder out = new StringBuilder();
        for (int i = Math.max(0, history.size() - TURNS); i < history.size(); i++) {
            Message turn = history.get(i);
            PromptText.block(
                    out, turn.role(), abridged(turn.content(), i == history.size() - 1 ? LAST_TURN : TURN), mark);
        }
        PromptText.block(out, "Candidate 1", abridged(chosenFirst ? chosen : rejected, ANSWER), mark);
        PromptText.block(out, "Candidate 2", abridged(chosenFirst ? rejected : chosen, ANSWER), mark);
        return out.append("Your description, as one JSON object:\n").toString();
    }

    private static String schema() {
        String categories = Arrays.stream(TaskCategory.values())
                .map(category -> '"' + category.label() + '"')
                .collect(Collectors.joining(", "));
        return """
                {"type": "object", "additionalProperties": false,
                 "required": ["task_category", "objectivity", "controversiality", "desired_attributes",
                  "annotation_guideline"],
                 "properties": {
                  "task_category": {"type": "string", "enum": [%s]},
                  "objectivity": {"type": "string", "enum": ["objective", "subjective"]},
                  "controversiality": {"type": "string", "enum": ["low", "medium", "high"]},
                  "desired_attributes": {"type": "string"},
                  "annotation_guideline": {"type": "string"}}}""".formatted(categories);
    }

    /** Both ends of a long text, since a task is told at either. */
    private static String abridged(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int head = 3 * longest / 4;
        int tail = text.length() - (longest - head);
        head -= Character.isHighSurrogate(text.charAt(head - 1)) ? 1 : 0;
        tail += Character.isLowSurrogate(text.charAt(tail)) ? 1 : 0;
        return text.substring(0, head) + " [...] " + text.substring(tail);
    }
}
