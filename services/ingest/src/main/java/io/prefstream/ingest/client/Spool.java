package io.prefstream.ingest.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Bytes that are given out once all are there; many of them wait in a file, not in memory. */
final class Spool extends OutputStream {

    private static final int IN_MEMORY = 64 << 10;

    private final ByteArrayOutputStream few = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream many;
    private long size;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int at, int n) throws IOException {
        size += n;
        few.write(from, at, n);
        if (few.size() > IN_MEMORY) {
            if (many == null) {
                file = Files.createTempFile("prefstream-", ".answers");
                many = Files.newOutputStream(file);
            }
            few.writeTo(many);
            few.reset();
        }
    }

    long size() {
        return size;
    }

    /** Gives all bytes to {@code to}. */
    void copyTo(OutputStream to) throws IOException {
        if (many != null && file != null) {
            many.close();
            Files.copy(file, to);
        }
        few.writeTo(to);
    }

    @Override
    public void close() throws IOException {
        if (many != null && file != null) {
            many.close();
            Files.deleteIfExists(file);
        }
    }
}
