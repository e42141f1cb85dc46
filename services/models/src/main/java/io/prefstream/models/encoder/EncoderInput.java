package io.prefstream.models.encoder;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Token ids of a text as the encoder takes it, with their hash, by which vectors are shared.
 *
 * @param tokens ids with the marks at both ends
 * @param hash SHA-256 of the ids in lower-case hex
 */
public record EncoderInput(long[] tokens, String hash) {

    private static final long START = 101;
    private static final long END = 102;
    private static final int ATTRIBUTES = 96;
    private static final int TURN = 64;
    private static final int HEAD = 144;
    private static final int TAIL = 40;
    private static final int TURN_HEAD = 48;
    private static final int TURN_TAIL = 16;

    /**
     * (x, a): attributes in at most 96 tokens, the last user turn, then earlier turns backwards, 256 in all.
     *
     * @param attributes category, objectivity, controversiality and desired attributes
     * @param turnsBackwards texts of the turns, the last user turn first
     */
    public static EncoderInput ofPrompt(Encoder encoder, String attributes, List<String> turnsBackwards) {
        long[] body = first(encoder.tokens(attributes), ATTRIBUTES);
        for (String turn : turnsBackwards) {
            if (body.length >= Encoder.MAX_TOKENS - 2) {
                break;
            }
            body = join(body, encoder.tokens(turn));
        }
        return of(body);
    }

    /** (x, y): the last user turn in at most 64 tokens, then the first 144 and the last 40 tokens of the answer. */
    public static EncoderInput ofAnswer(Encoder encoder, String lastUserTurn, String answer) {
        long[] turn = first(encoder.tokens(lastUserTurn), TURN);
        return of(join(turn, ends(encoder.tokens(answer), HEAD, TAIL)));
    }

    /** A turn alone: its first 48 and last 16 tokens, where a task is told. */
    public static EncoderInput ofTurn(Encoder encoder, String turn) {
        return of(ends(encoder.tokens(turn), TURN_HEAD, TURN_TAIL));
    }

    private static long[] ends(long[] tokens, int head, int tail) {
        return tokens.length <= head + tail
                ? tokens
                : join(Arrays.copyOf(tokens, head), Arrays.copyOfRange(tokens, tokens.length - tail, tokens.length));
    }

    private static EncoderInput of(long[] body) {
        int n = Math.min(body.length, Encoder.MAX_TOKENS - 2);
        long[] tokens = new long[n + 2];
        tokens[0] = START;
        System.arraycopy(body, 0, tokens, 1, n);
        tokens[n + 1] = END;
        ByteBuffer bytes = ByteBuffer.allocate(tokens.length * Integer.BYTES);
        for (long token : tokens) {
            bytes.putInt((int) token);
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return new EncoderInput(tokens, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static long[] first(long[] tokens, int n) {
        return tokens.length <= n ? tokens : Arrays.copyOf(tokens, n);
    }

    private static long[] join(long[] a, long[] b) {
        long[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }
}
