package io.prefstream.core.stats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Salted hashes that replace random numbers, so that order and choice depend on content only. Stateless; any thread. */
public final class Hashes {
    private Hashes() {}

    /**
     * First eight bytes (big-endian) of SHA-256 over seed, purpose and id, each of the texts after its UTF-8 length.
     *
     * @param purpose what the hash is for; different purposes give independent orders
     */
    public static long of(long seed, String purpose, String id) {
        byte[] tag = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        ByteBuffer input = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + tag.length + key.length);
        input.putLong(seed).putInt(tag.length).put(tag).putInt(key.length).put(key);
        return ByteBuffer.wrap(sha256(input.array())).getLong();
    }

    /** The hash as a number in [0, 1). */
    public static double unit(long seed, String purpose, String id) {
        return (of(seed, purpose, id) >>> 11) * 0x1.0p-53;
    }

    /** Orders ids by their hash, equal hashes by the id itself. */
    public static Comparator<String> order(long seed, String purpose) {
        return (a, b) -> {
            int byHash = Long.compareUnsigned(of(seed, purpose, a), of(seed, purpose, b));
            return byHash != 0 ? byHash : a.compareTo(b);
        };
    }

    /**
     * Names a configuration in 16 hex digits, the same for equal settings in any order: what a fact's provenance carries.
     */
    public static String ofSettings(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(settings)
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return HexFormat.of().formatHex(sha256(lines.toString().getBytes(StandardCharsets.UTF_8)), 0, Long.BYTES);
    }

    /** SHA-256 of the bytes, 32 bytes. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
