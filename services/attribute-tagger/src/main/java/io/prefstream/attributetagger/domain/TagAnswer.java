package io.prefstream.attributetagger.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.pair.TaskCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a language model's description of a pair: the last JSON object with a {@code task_category}. What it says must be
 * whole and of the known values, or it counts for nothing. What a model thinks aloud in {@code <think>} is left out.
 */
public final class TagAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern THOUGHT = Pattern.compile("(?s)<think>.*?(</think>|$)");
    private static final Pattern OBJECT = Pattern.compile("\\{[^{}]*\"task_category\"[^{}]*\\}");

    private TagAnswer() {}

    /** The attributes that the answer gives; empty when it can't be used. */
    public static Optional<Attributes> parse(String answer) {
        Optional<Attributes> found = Optional.empty();
        for (Matcher objects = OBJECT.matcher(THOUGHT.matcher(answer).replaceAll("")); objects.find(); ) {
            Optional<Attributes> one = object(objects.group());
            found = one.isPresent() ? one : found;
        }
        return found;
    }

    private static Optional<Attributes> object(String text) {
        JsonNode object;
        try {
            object = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        Optional<TaskCategory> category =
                TaskCategory.of(object.path("task_category").asText());
        String objectivity = object.path("objectivity").asText().strip().toLowerCase(Locale.ROOT);
        Optional<Dispute> dispute = dispute(object.path("controversiality").asText());
        String desired = words(object.path("desired_attributes"), AttributeLimits.DESIRED);
        String guideline = words(object.path("annotation_guideline"), AttributeLimits.GUIDELINE);
        boolean known = objectivity.equals("objective") || objectivity.equals("subjective");
        return category.isEmpty() || !known || dispute.isEmpty() || desired.isEmpty() || guideline.isEmpty()
                ? Optional.empty()
                : Optional.of(new Attributes(
                        category.get(), objectivity.equals("objective"), dispute.get(), desired, guideline));
    }

    private static Optional<Dispute> dispute(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "low" -> Optional.of(Dispute.LOW);
            case "medium" -> Optional.of(Dispute.MEDIUM);
            case "high" -> Optional.of(Dispute.HIGH);
            default -> Optional.empty();
        };
    }

    /** A text, or a list of texts, on one line and no longer than allowed. */
    private static String words(JsonNode node, int longest) {
        List<String> parts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(part -> parts.add(part.asText()));
        } else {
            parts.add(node.asText());
        }
        String text =
                String.join(", ", parts).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (text.length() <= longest) {
            return text;
        }
        int cut = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, cut).strip();
    }
}
