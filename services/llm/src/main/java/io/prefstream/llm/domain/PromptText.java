package io.prefstream.llm.domain;

import io.prefstream.core.stats.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What every prompt is made of. Texts stand between marks whose number comes from the call's id, which no text can know, so that
 * no text can end its own mark; the check word comes from there too. Stateless.
 */
public final class PromptText {

    private static final int MARK_DIGITS = 12;
    private static final int CHECK_DIGITS = 8;

    private PromptText() {}

    /** The prompt of this name beside a class, in UTF-8. */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Id of a call: SHA-256 of all that makes it what it is, the same in every run. */
    public static String callId(String... parts) {
        return HexFormat.of()
                .formatHex(Hashes.sha256(String.join("\u0000", parts).getBytes(StandardCharsets.UTF_8)));
    }

    /** What the marks of a call carry. */
    public static String mark(String callId) {
        return callId.substring(0, MARK_DIGITS);
    }

    /** The word that the answer to a call is to give back. */
    public static String checkWord(String callId) {
        return callId(callId, "check").substring(0, CHECK_DIGITS);
    }

    /** Adds a text between marks. */
    public static void block(StringBuilder out, String name, String text, String mark) {
        out.append("<<").append(name).append(' ').append(mark).append(">>\n");
        out.append(text).append('\n');
        out.append("<<end ").append(mark).append(">>\n\n");
    }
}
