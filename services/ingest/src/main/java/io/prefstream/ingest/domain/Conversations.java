package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads conversations from the ways people write them: message objects, ShareGPT turns, HH-RLHF text. */
final class Conversations {

    private static final Pattern SPEAKER = Pattern.compile("(?:\\A|\n\n)(Human|Assistant):");

    private Conversations() {}

    /** True for HH-RLHF text, which opens with a speaker tag. */
    static boolean isTagged(String text) {
        return text.startsWith("\n\nHuman:") || (text.startsWith("Human:") && text.contains("\n\nAssistant:"));
    }

    /** Turns of HH-RLHF text; the one space after a tag belongs to the tag. */
    static List<Message> tagged(String text) {
        var turns = new ArrayList<Message>();
        Matcher tag = SPEAKER.matcher(text);
        String role = null;
        int from = 0;
        while (tag.find()) {
            if (role != null) {
                turns.add(turn(role, text.substring(from, tag.start())));
            }
            role = "Human".equals(tag.group(1)) ? "user" : "assistant";
            from = tag.end();
        }
        if (role != null) {
            turns.add(turn(role, text.substring(from)));
        }
        return turns;
    }

    private static Message turn(String role, String text) {
        return new Message(role, text.startsWith(" ") ? text.substring(1) : text);
    }

    static List<Message> list(String field, List<?> values) throws RowFault {
        var turns = new ArrayList<Message>();
        for (int i = 0; i < values.size(); i++) {
            turns.add(message(field + "[" + i + "]", values.get(i)));
        }
        return turns;
    }

    static Message message(String field, @Nullable Object value) throws RowFault {
        if (!(value instanceof Map<?, ?> map)) {
            throw new RowFault(
                    Rule.WRONG_TYPE, field, "must be a message with role and content, got " + Fields.kind(value));
        }
        Object role = map.get("role") == null ? map.get("from") : map.get("role");
        Object content = map.get("content") == null ? map.get("value") : map.get("content");
        if (!(role instanceof String name)) {
            throw new RowFault(Rule.NO_SUCH_FIELD, field + ".role", "a message needs a role");
        }
        return new Message(role(field, name), content(field, content));
    }

    private static String role(String field, String name) throws RowFault {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "user", "human", "prompter" -> "user";
            case "assistant", "gpt", "chatgpt", "bot", "model", "function_call" -> "assistant";
            case "system", "developer" -> "system";
            case "tool", "function", "observation" -> "tool";
            default ->
                throw new RowFault(
                        Rule.UNKNOWN_ROLE,
                        field + ".role",
                        "got " + Excerpt.of(name) + ", write system, user, assistant or tool");
        };
    }

    private static String content(String field, @Nullable Object content) throws RowFault {
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof List<?> parts) {
            var joined = new StringBuilder();
            for (Object part : parts) {
                if (part instanceof Map<?, ?> map
                        && (map.get("type") == null || "text".equals(map.get("type")))
                        && map.get("text") instanceof String text) {
                    joined.append(text);
                } else {
                    throw new RowFault(
                            Rule.UNSUPPORTED_CONTENT, field + ".content", "only parts of type text can be judged");
                }
            }
            return joined.toString();
        }
        if (content == null) {
            throw new RowFault(
                    Rule.UNSUPPORTED_CONTENT,
                    field + ".content",
                    "a message without text (a tool call?) can't be judged");
        }
        throw new RowFault(Rule.WRONG_TYPE, field + ".content", "must be text, got " + Fields.kind(content));
    }
}
