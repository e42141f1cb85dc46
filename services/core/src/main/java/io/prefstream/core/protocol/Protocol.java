package io.prefstream.core.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The text by which people and language models judge: principles, and guidance for each task category, objectivity and
 * controversiality. People get all of it; a judge gets what concerns the pair, without the part on tools, which it hasn't.
 */
public final class Protocol {

    /** Version of the text; part of every judge's call id, so that a new text asks anew. */
    public static final String VERSION = "protocol/1";

    private static final String TEXT = resource("/io/prefstream/core/protocol/protocol-1.md");
    private static final String HEADING = "## ";
    private static final Map<String, String> SECTIONS = sections();

    private Protocol() {}

    /** The whole text, in Markdown. */
    public static String forPeople() {
        return TEXT;
    }

    /** The principles, one a line, which hold for every pair. */
    public static String principles() {
        return section("Principles");
    }

    /**
     * What concerns pairs of these attributes, a paragraph each. A value that the text doesn't know has no paragraph.
     *
     * @param taskCategory label of a task category, such as {@code Math}
     * @param objectivity {@code objective} or {@code subjective}
     * @param controversiality {@code low}, {@code medium} or {@code high}
     */
    public static String guidance(String taskCategory, String objectivity, String controversiality) {
        return List.of(
                        "Task category: " + taskCategory,
                        "Objectivity: " + objectivity,
                        "Controversiality: " + controversiality)
                .stream()
                .filter(SECTIONS::containsKey)
                .map(heading -> heading + "\n" + section(heading) + "\n")
                .collect(Collectors.joining("\n"));
    }

    private static String section(String heading) {
        return Objects.requireNonNull(SECTIONS.get(heading), heading);
    }

    private static Map<String, String> sections() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String part : TEXT.split("(?m)^" + HEADING, -1)) {
            int end = part.indexOf('\n');
            found.put(part.substring(0, end).strip(), part.substring(end).strip());
        }
        return found;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Protocol.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
