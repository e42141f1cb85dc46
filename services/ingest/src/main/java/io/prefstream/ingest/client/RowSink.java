package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.RowFault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a file in order, each as its fields or as the fault that kept it from being read. */
public interface RowSink {
    /**
     * A row that could be read.
     *
     * @param line number of the line, or of the row in an array or a table, from 1
     * @throws FileRefused to have nothing more of the file
     */
    void row(long line, Map<String, @Nullable Object> fields) throws FileRefused;

    /** A row that could not be read. */
    void fault(long line, RowFault fault) throws FileRefused;
}
