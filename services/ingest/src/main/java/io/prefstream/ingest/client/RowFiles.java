package io.prefstream.ingest.client;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads files of rows, whatever the rows mean: JSON lines, a JSON array, CSV or Parquet, plain, gzip or zstd. */
public final class RowFiles {

    private RowFiles() {}

    /**
     * Gives every row to the sink, in the file's order and on the caller's thread.
     *
     * @return null, or why the file ended early; the rows before it were given out
     * @throws FileRefused when nothing of the file can be used
     */
    public static @Nullable String read(Path file, RowSink sink) throws FileRefused {
        String name = String.valueOf(file.getFileName());
        try (Unpacked unpacked = Unpacked.open(file, name)) {
            return PairFiles.read(file, name, unpacked, sink);
        } catch (IOException e) {
            throw new FileRefused(name, "can't be read (" + JsonRows.cause(e) + ")");
        }
    }
}
