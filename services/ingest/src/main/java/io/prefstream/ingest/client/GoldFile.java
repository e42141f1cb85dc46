package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.ParsedLabel;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads human labels, a JSON object a line, plain, gzip or zstd. */
public final class GoldFile {

    private GoldFile() {}

    /**
     * What was read.
     *
     * @param labels lines that hold a label
     * @param refused lines that could not be used
     * @param unfilled lines whose verdict nobody has filled in; they are passed over
     * @param damage null, or why the file ended early
     */
    public record Report(
            long labels,
            long refused,
            long unfilled,
            @Nullable String damage) {}

    /** Gives every label and refusal to the sink, in the file's order and on the caller's thread. */
    public static Report read(Path file, Consumer<ParsedLabel> sink) throws FileRefused {
        String name = String.valueOf(file.getFileName());
        long[] count = new long[3];
        var rows = new RowSink() {
            @Override
            public void row(long line, Map<String, @Nullable Object> fields) {
                if (LabelRow.unfilled(fields)) {
                    count[2]++;
                    return;
                }
                try {
                    sink.accept(LabelRow.of(name, line, fields));
                    count[0]++;
                } catch (RowFault fault) {
                    fault(line, fault);
                }
            }

            @Override
            public void fault(long line, RowFault fault) {
                count[1]++;
                sink.accept(new Refused(name, line, null, fault.rule(), fault.reason(), fault.field()));
            }
        };
        try (Unpacked unpacked = Unpacked.open(file, name)) {
            String damage = JsonRows.lines(unpacked.bytes(), rows);
            return new Report(count[0], count[1], count[2], damage);
        } catch (IOException e) {
            throw new FileRefused(name, "can't be read (" + JsonRows.cause(e) + ")");
        }
    }
}
