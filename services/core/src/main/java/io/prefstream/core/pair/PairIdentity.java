package io.prefstream.core.pair;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of a pair that depend on its text alone. All are lower-case hexadecimal SHA-256 (64
 * characters) and the same on every machine. Methods are pure and safe from any thread.
 *
 * <p>What is hashed: the tag, then each text as its length in UTF-8 bytes (4 bytes, big-endian)
 * followed by these bytes. Texts must be well-formed Unicode; a lone surrogate would be hashed as
 * {@code ?}.
 */
public final class PairIdentity {

    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

    private PairIdentity() {}

    /** The pair: tag {@code pair/1}, role and content of each history message, chosen, rejected. */
    public static String pairId(List<Message> history, String chosen, String rejected) {
        return answers("pair/1", history, chosen, rejected);
    }

    /**
     * The two answers in no order: the same for a pair and its mirror. Tag {@code match/1}, the
     * history, then the answers sorted by UTF-16 code units.
     */
    public static String matchId(List<Message> history, String a, String b) {
        return a.compareTo(b) <= 0 ? answers("match/1", history, a, b) : answers("match/1", history, b, a);
    }

    /**
     * Pairs that a split must keep together: the first user turn in lower case with runs of blanks
     * collapsed to one space and none at the ends, under tag {@code group/1}. Without a user turn
     * the empty text stands for it.
     */
    public static String promptGroup(List<Message> history) {
        String first = history.stream()
                .filter(message -> message.role().equals("user"))
                .map(Message::content)
                .findFirst()
                .orElse("");
        MessageDigest digest = tagged("group/1");
        put(
                digest,
                BLANKS.matcher(first.toLowerCase(Locale.ROOT)).replaceAll(" ").strip());
        return hex(digest);
    }

    private static String answers(String tag, List<Message> history, String first, String second) {
        MessageDigest digest = tagged(tag);
        for (Message message : history) {
            put(digest, message.role());
            put(digest, message.content());
        }
        put(digest, first);
        put(digest, second);
        return hex(digest);
    }

    private static MessageDigest tagged(String tag) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(tag.getBytes(StandardCharsets.UTF_8));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void put(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int n = bytes.length;
        digest.update(new byte[] {(byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n});
        digest.update(bytes);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
