package io.prefstream.ingest.domain;

import org.jspecify.annotations.Nullable;

/**
 * A row that is not used.
 *
 * @param sourceId null when the row could not be read
 * @param reason a sentence with the cure, with at most {@link Excerpt#MAX_CHARS} escaped characters of content
 * @param field the field meant, empty for the whole row
 */
public record Refused(String file, long line, @Nullable String sourceId, Rule rule, String reason, String field)
        implements ParsedRow, ParsedLabel {

    /** One line for a person: file, line, field, reason. */
    public String message() {
        return file + ":" + line + ": " + rule.id() + (field.isEmpty() ? "" : " (field " + field + ")") + ": " + reason;
    }
}
