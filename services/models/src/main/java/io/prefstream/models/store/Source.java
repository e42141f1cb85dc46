package io.prefstream.models.store;

import java.io.IOException;
import java.io.InputStream;

/** A folder of files, wherever it lies. Files are opened one at a time. */
interface Source extends AutoCloseable {

    /**
     * An open file.
     *
     * @param bytes its bytes from {@code from} on, whatever their number
     * @param from place of the first byte, the one asked for or 0
     */
    record Opened(InputStream bytes, long from) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    /**
     * Opens a file.
     *
     * @param from place of the first byte wanted; a source that cannot do so begins at 0
     * @throws java.nio.file.NoSuchFileException when there is no such file
     * @throws io.prefstream.models.reward.ModelRefused when trying again cannot help
     * @throws IOException when trying again may help
     */
    Opened open(String file, long from) throws IOException;

    @Override
    default void close() {}
}
