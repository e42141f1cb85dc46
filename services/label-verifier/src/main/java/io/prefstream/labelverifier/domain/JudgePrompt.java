package io.prefstream.labelverifier.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.core.protocol.Protocol;
import io.prefstream.llm.domain.PromptText;
import java.util.List;

/**
 * The question to a judge. It holds both answers word for word; examples are abridged. Texts stand between marks that carry
 * a number no text can know, so that no text can end its own mark.
 */
public final class JudgePrompt {

    /** Version of the prompt; part of every call's id, so a new text asks anew. */
    public static final String VERSION = "judge/2 " + Protocol.VERSION;

    /** JSON schema of the answer. */
    public static final String SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["verdict", "reason", "check"],
             "properties": {"verdict": {"type": "string", "enum": ["1", "2", "tie", "cannot_tell"]},
              "reason": {"type": "string"}, "check": {"type": "string"}}}""";

    /** Longest question in characters, about 15,000 tokens; a pair with more is not asked about. */
    public static final int LONGEST = 60_000;

    private static final int EXAMPLE_TURN = 600;
    private static final int EXAMPLE_ANSWER = 900;
    private static final String SYSTEM = PromptText.resource(
                    JudgePrompt.class, "/io/prefstream/labelverifier/judge-2.txt")
            .replace("%s", Protocol.principles());

    /**
     * A pair as a judge sees it.
     *
     * @param attributes preference attributes and guideline, one a line
     * @param guidance what the protocol says about pairs of these attributes
     */
    public record Shown(List<Message> history, String chosen, String rejected, String attributes, String guidance) {}

    /**
     * A pair that people have judged.
     *
     * @param chosenIsBetter what they said
     * @param chosenFirst whether the chosen answer is shown as Candidate 1
     */
    public record Example(Shown pair, boolean chosenIsBetter, boolean chosenFirst) {}

    private JudgePrompt() {}

    /** The system message. */
    public static String system() {
        return SYSTEM;
    }

    /**
     * The user message.
     *
     * @param chosenFirst whether the chosen answer is Candidate 1
     * @param mark number of the marks, not to be guessed from any text
     * @param check word that the answer is to give back
     */
    public static String user(List<Example> examples, Shown pair, boolean chosenFirst, String mark, String check) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            out.append("# Example ").append(i + 1).append(", judged by people\n\n");
            show(out, abridged(example.pair()), example.chosenFirst(), mark);
            out.append("People's verdict: {\"verdict\": \"")
                    .append(example.chosenIsBetter() == example.chosenFirst() ? 1 : 2)
                    .append("\"}\n\n");
        }
        out.append("# The pair to judge\n\n").append(pair.guidance()).append('\n');
        show(out, pair, chosenFirst, mark);
        return out.append("Check word: ")
                .append(check)
                .append("\nYour verdict, as one JSON object:\n")
                .toString();
    }

    private static void show(StringBuilder out, Shown pair, boolean chosenFirst, String mark) {
        out.append(pair.attributes()).append('\n');
        for (Message turn : pair.history()) {
            PromptText.block(out, turn.role(), turn.content(), mark);
        }
        PromptText.block(out, "Candidate 1", chosenFirst ? pair.chosen() : pair.rejected(), mark);
        PromptText.block(out, "Candidate 2", chosenFirst ? pair.rejected() : pair.chosen(), mark);
    }

    private static Shown abridged(Shown pair) {
        List<Message> last = pair.history().isEmpty()
                ? List.of()
                : List.of(new Message(
                        pair.history().getLast().role(),
                        abridged(pair.history().getLast().content(), EXAMPLE_TURN)));
        return new Shown(
                last,
                abridged(pair.chosen(), EXAMPLE_ANSWER),
                abridged(pair.rejected(), EXAMPLE_ANSWER),
                pair.attributes(),
                "");
    }

    private static String abridged(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int cut = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, cut) + " [...]";
    }
}
