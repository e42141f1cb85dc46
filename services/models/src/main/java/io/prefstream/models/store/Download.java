package io.prefstream.models.store;

import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.reward.ModelRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import software.amazon.awssdk.core.exception.SdkException;

/** Takes files out of a source, checking each while it streams. What a broken connection brought is kept and gone on from. */
final class Download {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final long LEAST_BYTES_A_SECOND = 64 << 10;

    private final Source source;
    private final ModelUri uri;
    private final StoreSettings settings;

    Download(Source source, ModelUri uri, StoreSettings settings) {
        this.source = source;
        this.uri = uri;
        this.settings = settings;
    }

    /**
     * The card, of whatever model it is.
     *
     * @throws ModelRefused when it is too large
     * @throws ModelUnavailable when it is not there, or could not be had in all tries
     */
    byte[] card() {
        return trying(ModelFolder.CARD, () -> {
            try (Source.Opened opened = source.open(ModelFolder.CARD, 0)) {
                InputStream bytes = new Paced(opened.bytes(), ModelFolder.MOST_CARD_BYTES);
                byte[] card = bytes.readNBytes(ModelFolder.MOST_CARD_BYTES + 1);
                if (card.length > ModelFolder.MOST_CARD_BYTES) {
                    throw new ModelRefused(
                            uri + ModelFolder.CARD + " is larger than 4 MiB, so it is no " + ModelFolder.CARD);
                }
                return card;
            }
        });
    }

    /**
     * Brings a file whole to {@code to}, going on behind what lies there already.
     *
     * @throws ModelRefused when it is larger than the card says, or has another SHA-256
     * @throws ModelUnavailable when it is not there, or could not be had in all tries
     */
    void file(String name, ModelFolder.Entry announced, Path to) {
        trying(name, () -> {
            fetch(name, announced, to);
            return true;
        });
    }

    private void fetch(String name, ModelFolder.Entry announced, Path to) throws IOException {
        MessageDigest digest = sha256();
        long have = digestOf(to, announced.bytes(), digest);
        long before = have;
        if (have < announced.bytes() || !Files.exists(to)) {
            try (Source.Opened opened = source.open(name, have)) {
                if (opened.from() != have) { // it cannot go on in the middle
                    digest.reset();
                    before = 0;
                }
                have = before + append(name, announced.bytes() - before, opened.bytes(), to, before > 0, digest);
            }
        }
        if (have < announced.bytes()) {
            throw new IOException("it ends after " + have + " bytes, and " + announced.bytes()
                    + " were announced; it may be on its way");
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(announced.sha256())) {
            Files.delete(to);
            String why = "the SHA-256 " + found + ", and " + announced.sha256() + " was announced";
            if (before > 0) { // what was there of it may have been the damaged part
                throw new IOException("it had " + why);
            }
            throw new ModelRefused(uri + name + " has " + why);
        }
    }

    /** Takes in what an earlier try brought, and returns its size; what is too large is no part of the file. */
    private static long digestOf(Path file, long most, MessageDigest digest) throws IOException {
        if (!Files.exists(file) || Files.size(file) > most) {
            Files.deleteIfExists(file);
            return 0;
        }
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                size += n;
            }
        }
        return size;
    }

    private long append(String name, long most, InputStream from, Path to, boolean further, MessageDigest digest)
            throws IOException {
        long size = 0;
        try (InputStream in = new Paced(from, most);
                OutputStream out = Files.newOutputStream(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        further ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (size + n > most) {
                    throw new ModelRefused(
                            uri + name + " is larger than announced: it goes on after the last of its bytes");
                }
                out.write(buffer, 0, n);
                digest.update(buffer, 0, n);
                size += n;
            }
        }
        return size;
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws IOException;
    }

    private <T> T trying(String file, Attempt<T> attempt) {
        Duration pause = settings.pause();
        for (int n = 1; ; n++) {
            try {
                return attempt.run();
            } catch (NoSuchFileException e) {
                throw new ModelUnavailable(
                        uri + file + " is not there: put the whole folder there, " + ModelFolder.CARD + " included", e);
            } catch (IOException | SdkException e) {
                if (n >= settings.tries() || Thread.currentThread().isInterrupted()) {
                    throw new ModelUnavailable(
                            uri + file + " could not be fetched in " + n + " tries: " + reason(e), e);
                }
            }
            rest(pause, file);
            pause = pause.multipliedBy(2);
        }
    }

    private void rest(Duration pause, String file) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelUnavailable(uri + file + " was not waited for: the process stops", e);
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Bytes that must come at a least rate, so that a store that sends one now and then does not hold us for ever. */
    private final class Paced extends InputStream {

        private final InputStream in;
        private final long until;

        Paced(InputStream in, long most) {
            this.in = in;
            long seconds = settings.silence().toSeconds() + 1 + most / LEAST_BYTES_A_SECOND;
            this.until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (System.nanoTime() > until) {
                throw new IOException("it comes at less than " + (LEAST_BYTES_A_SECOND >> 10) + " KiB a second");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the process stops");
            }
            return in.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
