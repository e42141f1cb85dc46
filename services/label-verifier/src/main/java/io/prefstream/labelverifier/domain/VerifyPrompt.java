package io.prefstream.labelverifier.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.Message;
import io.prefstream.llm.domain.PromptText;
import io.prefstream.wire.Correctness;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The question whether a single answer is correct, and what was answered. Stateless. */
public final class VerifyPrompt {

    /** Version of the prompt; part of every call's id. */
    public static final String VERSION = "verify/1";

    /** JSON schema of the answer. */
    public static final String SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["answer", "reason", "check"],
             "properties": {"answer": {"type": "string", "enum": ["correct", "incorrect", "unsure"]},
              "reason": {"type": "string"}, "check": {"type": "string"}}}""";

    private static final int LONGEST_REASON = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\"answer\"[^{}]*\\}");
    private static final String SYSTEM =
            PromptText.resource(VerifyPrompt.class, "/io/prefstream/labelverifier/verify-1.txt");

    /**
     * What a model says of an answer.
     *
     * @param correctness UNKNOWN when what it said can't be used
     * @param reason reason given; null when none
     */
    public record Finding(Correctness correctness, @Nullable String reason) {}

    private VerifyPrompt() {}

    /** The system message. */
    public static String system() {
        return SYSTEM;
    }

    /** Id of the call about one answer: SHA-256 of all that makes it what it is. */
    public static String callId(String pairId, Judge judge, boolean ofChosen) {
        return PromptText.callId(
                pairId, "verify", judge.name(), judge.model(), VERSION, ofChosen ? "chosen" : "rejected");
    }

    /** The user message about one answer. */
    public static String user(List<Message> history, String answer, String callId) {
        String mark = PromptText.mark(callId);
        StringBuilder out = new StringBuilder();
        history.forEach(turn -> PromptText.block(out, turn.role(), turn.content(), mark));
        PromptText.block(out, "The answer to check", answer, mark);
        return out.append("Check word: ")
                .append(PromptText.checkWord(callId))
                .append("\nYour finding, as one JSON object:\n")
                .toString();
    }

    /** Reads what was answered to a call. */
    public static Finding parse(@Nullable String text, String callId, boolean mustCheck) {
        Finding found = new Finding(Correctness.UNKNOWN, null);
        if (text == null || (mustCheck && !VerdictParser.checks(text, PromptText.checkWord(callId)))) {
            return found;
        }
        for (Matcher objects = OBJECT.matcher(text); objects.find(); ) {
            try {
                JsonNode object = JSON.readTree(objects.group());
                Correctness correctness =
                        switch (object.path("answer").asText("").strip().toLowerCase(Locale.ROOT)) {
                            case "correct" -> Correctness.CORRECT;
                            case "incorrect" -> Correctness.INCORRECT;
                            case "unsure" -> Correctness.UNSURE;
                            default -> Correctness.UNKNOWN;
                        };
                String reason = object.path("reason").asText("").strip();
                String cut = reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
                found = correctness == Correctness.UNKNOWN
                        ? found
                        : new Finding(correctness, cut.isEmpty() ? null : cut);
            } catch (JsonProcessingException e) {
                // An object that isn't one says nothing.
            }
        }
        return found;
    }
}
