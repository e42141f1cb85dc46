package io.prefstream.labelverifier.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a judge's answer: the last JSON object with a {@code verdict}, else the last mark of the kinds that judges trained on
 * common prompts fall back to, {@code [[A]]}, {@code [[B]]}, {@code [[C]]} or {@code [[A>>B]]} to {@code [[B>>A]]}, else the
 * single letter {@code m} or {@code M}. What a model thinks aloud in {@code <think>} is left out.
 */
public final class VerdictParser {

    /**
     * A verdict with its reason.
     *
     * @param reason reason given, at most 500 characters; null when none
     */
    public record Parsed(Said said, @Nullable String reason) {}

    private static final int LONGEST_REASON = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern THOUGHT = Pattern.compile("(?s)<think>.*?(</think>|$)");
    private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\"verdict\"[^{}]*\\}");
    private static final Pattern MARK = Pattern.compile("\\[\\[(A|B|C|A>{1,2}B|B>{1,2}A|A=B)\\]\\]");

    private VerdictParser() {}

    /** Whether the answer gives back the check word, thoughts aside. */
    public static boolean checks(String answer, String checkWord) {
        return THOUGHT.matcher(answer).replaceAll("").contains(checkWord);
    }

    /** What the answer says. */
    public static Parsed parse(String answer) {
        String text = THOUGHT.matcher(answer).replaceAll("");
        Parsed found = null;
        for (Matcher objects = OBJECT.matcher(text); objects.find(); ) {
            Parsed parsed = object(objects.group());
            found = parsed == null ? found : parsed;
        }
        if (found != null) {
            return found;
        }
        Said said = switch (text.strip()) {
            case "m" -> Said.FIRST;
            case "M" -> Said.SECOND;
            default -> Said.UNREADABLE;
        };
        for (Matcher marks = MARK.matcher(text); marks.find(); ) {
            said = switch (marks.group(1)) {
                case "A", "A>B", "A>>B" -> Said.FIRST;
                case "B", "B>A", "B>>A" -> Said.SECOND;
                default -> Said.TIE;
            };
        }
        return new Parsed(said, null);
    }

    private static @Nullable Parsed object(String text) {
        try {
            JsonNode object = JSON.readTree(text);
            Said said = switch (object.path("verdict").asText("").strip().toLowerCase(Locale.ROOT)) {
                case "1" -> Said.FIRST;
                case "2" -> Said.SECOND;
                case "tie" -> Said.TIE;
                case "cannot_tell" -> Said.CANNOT_TELL;
                default -> null;
            };
            if (said == null) {
                return null;
            }
            String reason = object.path("reason").asText("").strip();
            return new Parsed(
                    said,
                    reason.isEmpty()
                            ? null
                            : reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON));
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
