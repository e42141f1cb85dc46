package io.prefstream.ingest.client;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The bytes of a file with compression taken off and the byte order mark stripped; what it is packed
 * with is seen from its first bytes.
 *
 * @param compressed whether there was compression
 * @param head up to 64 first bytes, which {@code bytes} gives again
 */
record Unpacked(InputStream bytes, boolean compressed, byte[] head) implements AutoCloseable {

    /** Expansion above which a file is taken for a bomb, once it is larger than {@link #BOMB_FLOOR_BYTES}. */
    static final long MAX_RATIO = 200;

    static final long BOMB_FLOOR_BYTES = 64L << 20;
    static final long MAX_BYTES = 1L << 40;
    private static final int HEAD = 64;

    static Unpacked open(Path file, String name) throws FileRefused {
        try {
            if (!Files.exists(file)) {
                throw new FileRefused(name, "there is no such file");
            }
            if (!Files.isRegularFile(file)) {
                throw new FileRefused(name, "is not a regular file; name a file, not a folder or a pipe");
            }
            if (!Files.isReadable(file)) {
                throw new FileRefused(name, "may not be read; give this user the right to read it");
            }
            if (Files.size(file) == 0) {
                throw new FileRefused(name, "is empty; it should hold one preference pair a row");
            }
            return unpack(new BufferedInputStream(Files.newInputStream(file), 1 << 16), name);
        } catch (IOException e) {
            throw new FileRefused(name, "can't be read (" + e.getClass().getSimpleName() + "); is the disk well?");
        }
    }

    private static Unpacked unpack(BufferedInputStream raw, String name) throws FileRefused, IOException {
        raw.mark(HEAD);
        byte[] magic = raw.readNBytes(4);
        raw.reset();
        var counted = new Counted(raw);
        InputStream plain = raw;
        boolean compressed = true;
        try {
            if (starts(magic, 0x1f, 0x8b)) {
                plain = new Bounded(new GZIPInputStream(counted, 1 << 16), counted);
            } else if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
                plain = new Bounded(new ZstdInputStream(counted), counted);
            } else if (starts(magic, 'P', 'K', 3, 4) || starts(magic, 'B', 'Z', 'h') || starts(magic, 0xfd, '7', 'z')) {
                throw new FileRefused(name, "is a zip, bzip2 or xz archive; unpack it, or pack it with gzip or zstd");
            } else {
                compressed = false;
            }
            var again = new PushbackInputStream(plain, HEAD);
            byte[] head = again.readNBytes(HEAD);
            if (head.length == 0) {
                throw new FileRefused(name, "is empty once unpacked; it should hold one preference pair a row");
            }
            boolean wide = starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff);
            boolean bare = head.length > 1 && (head[0] == 0) != (head[1] == 0);
            if (wide || bare) {
                throw new FileRefused(name, "is UTF-16, only UTF-8 is read; convert it with: iconv -f UTF-16 -t UTF-8");
            }
            if (starts(head, 0xef, 0xbb, 0xbf)) {
                head = Arrays.copyOfRange(head, 3, head.length);
            }
            again.unread(head);
            return new Unpacked(again, compressed, head);
        } catch (IOException | FileRefused e) {
            plain.close();
            throw e instanceof FileRefused refused
                    ? refused
                    : new FileRefused(name, "its compression is broken from the start; pack it again");
        }
    }

    static boolean starts(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** File name without the ending of its compression, in lower case. */
    static String bareName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private static class Counted extends FilterInputStream {
        long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] to, int at, int n) throws IOException {
            int got = super.read(to, at, n);
            count += Math.max(0, got);
            return got;
        }
    }

    private static final class Bounded extends Counted {
        private final Counted packed;

        Bounded(InputStream in, Counted packed) {
            super(in);
            this.packed = packed;
        }

        @Override
        public int read(byte[] to, int at, int n) throws IOException {
            int got = super.read(to, at, n);
            if (count > MAX_BYTES || (count > BOMB_FLOOR_BYTES && count / MAX_RATIO > packed.count)) {
                throw new IOException(
                        "it expands more than " + MAX_RATIO + " times; unpack it yourself if you trust it");
            }
            return got;
        }
    }
}
