package io.prefstream.ingest.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.prefstream.ingest.domain.PairRows;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the standard has it: no duplicate keys, no NaN, bounded depth and size, well-formed text. */
public final class StrictJson {

    static final int MAX_DEPTH = 64;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100_000)
                    .maxStringLength(PairRows.MAX_PAIR_BYTES)
                    .build())
            .build();

    private final JsonParser parser;
    private @Nullable RowFault fault;
    private long chars;

    StrictJson(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The fields of one object, whose values are maps, lists, strings, numbers, booleans and null.
     *
     * @throws RowFault when it is no object, no JSON or no UTF-8, with the place and the cure
     */
    public static Map<String, @Nullable Object> of(byte[] utf8) throws RowFault {
        return row(JsonRows.decode(utf8));
    }

    /** Reads one row that is a whole text. */
    static Map<String, @Nullable Object> row(String text) throws RowFault {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Map<String, @Nullable Object> row = new StrictJson(parser).row();
            if (parser.nextToken() != null) {
                throw new RowFault(Rule.NOT_JSON, "", "there is text after the object; write one object a line");
            }
            return row;
        } catch (StreamConstraintsException e) {
            throw constraint(e);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new IllegalStateException("no input or output is done on a text", e);
        }
    }

    static RowFault constraint(StreamConstraintsException e) {
        boolean deep = String.valueOf(e.getOriginalMessage()).contains("nesting");
        return deep ? tooDeep() : new RowFault(Rule.TOO_LARGE, "", "a number or text in it is too long; shorten it");
    }

    static RowFault notJson(JsonProcessingException e) {
        // Jackson's own message would quote the row.
        var at = e.getLocation();
        return new RowFault(
                Rule.NOT_JSON,
                "",
                "not valid JSON" + (at == null ? "" : " at column " + at.getColumnNr()) + "; write one object a row");
    }

    private static RowFault tooDeep() {
        return new RowFault(Rule.TOO_DEEP, "", "nested deeper than " + MAX_DEPTH + " levels; flatten it");
    }

    /** Reads the object at the current token to its end, even when it is refused. */
    Map<String, @Nullable Object> row() throws IOException, RowFault {
        fault = null;
        chars = 0;
        boolean object = parser.currentToken() == JsonToken.START_OBJECT;
        Object value = value("", 1);
        if (fault != null) {
            throw fault;
        }
        if (!object || !(value instanceof Map<?, ?>)) {
            throw new RowFault(Rule.NOT_JSON, "", "a row must be a JSON object");
        }
        @SuppressWarnings("unchecked")
        var row = (Map<String, @Nullable Object>) value;
        return row;
    }

    private @Nullable Object value(String field, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new com.fasterxml.jackson.core.JsonParseException(parser, "ends early");
        }
        if (token.isStructStart() && (depth > MAX_DEPTH || fault != null)) {
            note(tooDeep());
            parser.skipChildren();
            return null;
        }
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(field, depth);
            case VALUE_STRING -> text(field, parser.getText());
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> number(field);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private Map<String, @Nullable Object> object(int depth) throws IOException {
        var map = new LinkedHashMap<String, @Nullable Object>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = text("", parser.currentName());
            parser.nextToken();
            if (map.containsKey(key)) {
                note(new RowFault(Rule.DUPLICATE_KEY, excerpt(key), "the key is there twice; keep one"));
            }
            Object value = value(key, depth + 1);
            if (fault == null) {
                map.put(key, value);
            }
        }
        return map;
    }

    private List<@Nullable Object> array(String field, int depth) throws IOException {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(field, depth + 1);
            if (fault == null) {
                list.add(value);
            }
            chars++;
        }
        return list;
    }

    private double number(String field) throws IOException {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            note(new RowFault(Rule.WRONG_TYPE, excerpt(field), "the number is out of range"));
        }
        return value;
    }

    private String text(String field, String text) {
        chars += text.length() + 1L;
        // Both sides may repeat the history.
        if (chars > 2L * PairRows.MAX_PAIR_BYTES) {
            note(new RowFault(
                    Rule.TOO_LARGE, "", "the row is larger than " + PairRows.MAX_PAIR_BYTES + " bytes a side"));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                note(new RowFault(Rule.NUL_CHARACTER, excerpt(field), "NUL at character " + i + "; remove it"));
            } else if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    note(new RowFault(
                            Rule.LONE_SURROGATE,
                            excerpt(field),
                            "half a surrogate pair at character " + i + "; write the whole character"));
                }
            }
        }
        return text;
    }

    private static String excerpt(String field) {
        return field.matches("[\\w.-]{0,60}") ? field : io.prefstream.ingest.domain.Excerpt.of(field);
    }

    private void note(RowFault found) {
        if (fault == null) {
            fault = found;
        }
    }
}
