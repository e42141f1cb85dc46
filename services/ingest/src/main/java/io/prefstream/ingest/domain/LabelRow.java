package io.prefstream.ingest.domain;

import io.prefstream.core.pair.AttributeEdit;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One person's label, or what they correct in a pair's attributes, or both.
 *
 * @param id a row's id or a pair_id
 * @param verdict what they said; null when they only correct attributes
 * @param annotator pseudonym, null if not given
 * @param seconds time spent, 0 or more; null if not given
 * @param at when it was given, null if not given
 * @param shownFirst what {@code first} means, {@code chosen} or {@code rejected}; null if not given
 * @param audit whether the pair was drawn at random, as to-label.jsonl says; false if not given
 * @param edit what they correct in the pair's attributes; null when nothing
 */
public record LabelRow(
        String file,
        long line,
        String id,
        @Nullable Verdict verdict,
        @Nullable String annotator,
        @Nullable Double seconds,
        @Nullable Instant at,
        @Nullable String shownFirst,
        boolean audit,
        @Nullable AttributeEdit edit)
        implements ParsedLabel {

    /** What the person said; FIRST and SECOND need {@code shown_first} beside them. */
    public enum Verdict {
        CHOSEN,
        REJECTED,
        TIE,
        CANNOT_TELL,
        FIRST,
        SECOND
    }

    private static final String VERDICTS = Arrays.stream(Verdict.values())
            .map(verdict -> verdict.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));

    /** True for a line of {@code to-label.jsonl} that nobody has filled in. */
    public static boolean unfilled(Map<String, @Nullable Object> row) {
        return row.containsKey("verdict")
                && !AttributeEdits.in(row)
                && (row.get("verdict") == null || (row.get("verdict") instanceof String s && s.isBlank()));
    }

    /** Reads the fields of one line, refusing the whole line at the first that is wrong. */
    public static LabelRow of(String file, long line, Map<String, @Nullable Object> row) throws RowFault {
        String id = Fields.id(row, "id");
        if (id == null) {
            id = Fields.id(row, "pair_id");
        }
        if (id == null) {
            throw new RowFault(Rule.NO_SUCH_FIELD, "id", "a label needs the id of its row, or its pair_id");
        }
        AttributeEdit edit = AttributeEdits.of(row);
        Verdict verdict = verdict(row, edit != null);
        String shownFirst = Fields.text(row, "shown_first");
        if (shownFirst == null && (verdict == Verdict.FIRST || verdict == Verdict.SECOND)) {
            throw new RowFault(
                    Rule.NO_SUCH_FIELD,
                    "shown_first",
                    "verdict " + row.get("verdict") + " needs shown_first beside it");
        }
        return new LabelRow(
                file,
                line,
                id,
                verdict,
                Fields.id(row, "annotator"),
                seconds(row),
                at(row),
                shownFirst,
                Boolean.TRUE.equals(row.get("audit")),
                edit);
    }

    private static @Nullable Verdict verdict(Map<String, @Nullable Object> row, boolean mayLack) throws RowFault {
        String word = Fields.text(row, "verdict");
        if (mayLack && (word == null || word.isBlank())) {
            return null;
        }
        if (word == null) {
            throw new RowFault(Rule.NO_SUCH_FIELD, "verdict", "a label needs a verdict: one of " + VERDICTS);
        }
        try {
            if (!word.equals(word.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(word);
            }
            return Verdict.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new RowFault(
                    Rule.UNKNOWN_VERDICT, "verdict", "got " + Excerpt.of(word) + ", write one of " + VERDICTS);
        }
    }

    private static @Nullable Double seconds(Map<String, @Nullable Object> row) throws RowFault {
        Object value = row.get("seconds");
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new RowFault(Rule.WRONG_TYPE, "seconds", "must be a number of 0 or more, got " + Excerpt.of(value));
    }

    private static @Nullable Instant at(Map<String, @Nullable Object> row) throws RowFault {
        String value = Fields.text(row, "at");
        if (value == null) {
            return null;
        }
        try {
            return java.time.OffsetDateTime.parse(value).toInstant();
        } catch (java.time.format.DateTimeParseException e) {
            throw new RowFault(
                    Rule.WRONG_TYPE, "at", "write a time such as 2026-01-31T10:00:00Z, got " + Excerpt.of(value));
        }
    }
}
