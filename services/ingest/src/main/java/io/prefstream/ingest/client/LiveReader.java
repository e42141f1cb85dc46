package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Excerpt;
import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.LogConversation;
import io.prefstream.ingest.domain.PairRows;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.ingest.domain.Shape;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells by its fields what a single row is: a conversation, a pair of any shape, or a label. One thread at a time. */
final class LiveReader {

    /** What a way in takes. */
    enum Takes {
        ANY,
        PAIRS,
        CONVERSATIONS
    }

    private final String file;
    private final Takes takes;
    private final Map<Shape, PairRows> readers = new EnumMap<>(Shape.class);

    LiveReader(String file, Takes takes) {
        this.file = file;
        this.takes = takes;
    }

    /** Gives what the row holds to the sink; a ranking is several pairs. */
    void read(long line, Map<String, @Nullable Object> row, LiveSink sink) {
        try {
            if (takes == Takes.CONVERSATIONS || (takes == Takes.ANY && LogConversation.is(row))) {
                sink.take(LogConversation.of(file, line, row));
            } else if (takes == Takes.ANY && row.containsKey("verdict")) {
                if (!LabelRow.unfilled(row)) {
                    sink.take(LabelRow.of(file, line, row));
                }
            } else {
                Shape shape = Shape.of(row).orElseThrow(() -> unknown(row));
                readers.computeIfAbsent(shape, s -> new PairRows(file, s)).read(line, row, sink::take);
            }
        } catch (RowFault fault) {
            refuse(line, fault, sink);
        }
    }

    /** Gives a row that could not be read to the sink. */
    void refuse(long line, RowFault fault, LiveSink sink) {
        sink.take(new Refused(file, line, null, fault.rule(), fault.reason(), fault.field()));
    }

    private static RowFault unknown(Map<String, @Nullable Object> row) {
        return new RowFault(
                Rule.NO_SUCH_FIELD,
                "",
                "is no known shape of a preference pair: write chosen, rejected and prompt, found "
                        + Excerpt.of(String.join(", ", row.keySet())));
    }
}
