package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.wire.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends JSON lines of pairs, conversations and labels as they come; what a row is, its fields say. One thread. */
public final class LiveLines implements RowSink, LiveSink {

    private final LiveReader reader;
    private final long before;
    private final Acks acks = new Acks();
    private final ToTopics topics;
    private long rows;
    private long refused;

    /**
     * Lines of a part of a file.
     *
     * @param before lines of the file before this part
     */
    LiveLines(String file, long before, Door door) {
        this.reader = new LiveReader(file, LiveReader.Takes.ANY);
        this.before = before;
        this.topics = new ToTopics(door, acks);
    }

    /**
     * What came of a stream.
     *
     * @param rows lines that aren't blank
     * @param refused rows, or pairs of them, that were refused; they are recorded as such
     * @param damage null, or why the stream ended early
     */
    public record Report(long rows, long refused, @Nullable String damage) {}

    /** Sends a stream to its end, and waits until the broker has all of it. */
    public static Report send(String name, InputStream in, Door door) throws IOException {
        LiveLines lines = new LiveLines(name, 0, door);
        String damage;
        try {
            damage = JsonRows.lines(in, lines);
        } catch (FileRefused e) {
            damage = e.getMessage();
        }
        lines.settle();
        return new Report(lines.rows, lines.refused, damage);
    }

    private void settle() throws IOException {
        try {
            Exception failure = acks.await();
            if (failure != null) {
                throw new IOException("the broker did not take every row", failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
        }
    }

    @Override
    public void row(long line, Map<String, @Nullable Object> fields) {
        rows++;
        reader.read(before + line, fields, this);
    }

    @Override
    public void fault(long line, RowFault fault) {
        rows++;
        reader.refuse(before + line, fault, this);
    }

    @Override
    public void take(ParsedRow row) {
        refused += row instanceof Refused ? 1 : 0;
        sending();
        topics.take(row);
    }

    @Override
    public void take(Conversation conversation) {
        sending();
        topics.take(conversation);
    }

    @Override
    public void take(LabelRow label) {
        sending();
        topics.take(label);
    }

    private void sending() {
        Exception failure = acks.failure();
        if (failure != null) {
            throw new IllegalStateException("the broker does not take rows", failure);
        }
        acks.sent();
    }
}
