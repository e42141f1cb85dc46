package io.prefstream.ingest.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.prefstream.ingest.domain.PairRows;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads JSON lines and JSON arrays as streams, with one row in memory at a time. */
final class JsonRows {

    /** Bytes a line may have; the rest of a longer one is passed over without being kept. */
    static final int MAX_LINE_BYTES = PairRows.MAX_PAIR_BYTES;

    private JsonRows() {}

    /** {@return null, or why the stream ended early} */
    static @Nullable String lines(InputStream in, RowSink sink) throws FileRefused {
        byte[] buffer = new byte[1 << 16];
        var line = new ByteArrayOutputStream();
        long number = 1;
        long bytes = 0;
        String damage = null;
        while (true) {
            int got;
            try {
                got = in.read(buffer);
            } catch (IOException e) {
                damage = "damaged after line " + (number - 1) + " (" + cause(e) + "); the rows before it were read";
                got = -1;
            }
            if (got < 0) {
                line(number, line, bytes, sink);
                return damage;
            }
            int from = 0;
            for (int i = 0; i < got; i++) {
                if (buffer[i] == '\n') {
                    bytes += keep(line, bytes, buffer, from, i - from);
                    line(number++, line, bytes, sink);
                    line.reset();
                    bytes = 0;
                    from = i + 1;
                }
            }
            bytes += keep(line, bytes, buffer, from, got - from);
        }
    }

    private static int keep(ByteArrayOutputStream line, long before, byte[] buffer, int from, int n) {
        if (before + n <= MAX_LINE_BYTES) {
            line.write(buffer, from, n);
        }
        return n;
    }

    private static void line(long number, ByteArrayOutputStream line, long bytes, RowSink sink) throws FileRefused {
        try {
            if (bytes > MAX_LINE_BYTES) {
                throw new RowFault(
                        Rule.TOO_LARGE,
                        "",
                        "the line has " + bytes + " bytes, at most " + MAX_LINE_BYTES + " are taken");
            }
            String text = decode(line.toByteArray());
            if (!text.isBlank()) {
                sink.row(number, StrictJson.row(text));
            }
        } catch (RowFault fault) {
            sink.fault(number, fault);
        }
    }

    /** The text of bytes that must be UTF-8. */
    static String decode(byte[] bytes) throws RowFault {
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        if (result.isError()) {
            throw new RowFault(
                    Rule.NOT_UTF8, "", "byte " + in.position() + " of the line is not UTF-8; save the file as UTF-8");
        }
        return out.flip().toString();
    }

    /** {@return null, or why the stream ended early} */
    static @Nullable String array(InputStream in, RowSink sink) throws FileRefused {
        long number = 0;
        var reader = new InputStreamReader(
                in, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
        try (JsonParser parser = StrictJson.FACTORY.createParser(reader)) {
            var json = new StrictJson(parser);
            parser.nextToken();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                if (next == null) {
                    return "the array has no end after row " + number + "; is the file still being written?";
                }
                number++;
                try {
                    sink.row(number, json.row());
                } catch (RowFault fault) {
                    sink.fault(number, fault);
                }
            }
            return parser.nextToken() == null ? null : "there is text after the end of the array";
        } catch (IOException e) {
            RowFault fault = switch (e) {
                case StreamConstraintsException big -> StrictJson.constraint(big);
                case JsonProcessingException bad -> StrictJson.notJson(bad);
                case CharacterCodingException bad ->
                    new RowFault(Rule.NOT_UTF8, "", "the row is not UTF-8; save the file as UTF-8");
                default -> null;
            };
            if (fault != null) {
                sink.fault(Math.max(1, number), fault);
            }
            return "damaged at row " + Math.max(1, number) + " (" + (fault == null ? cause(e) : fault.reason())
                    + "); rows before it were read. As JSON lines, one bad row would not hide the others";
        }
    }

    /** Never the text of a parser, which would quote content. */
    static String cause(IOException e) {
        if (e instanceof java.io.EOFException) {
            return "the compressed data ends early";
        }
        String message = String.valueOf(e.getMessage());
        return message.length() <= 100 ? message : e.getClass().getSimpleName();
    }
}
