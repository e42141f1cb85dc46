package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.RowFault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a file in order, each as its fields or as the fault that kept it from being read. */
interface RowSink {
    void row(long line, Map<String, @Nullable Object> fields) throws FileRefused;

    void fault(long line, RowFault fault) throws FileRefused;
}
