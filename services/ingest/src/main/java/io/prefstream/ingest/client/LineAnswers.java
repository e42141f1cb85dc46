package io.prefstream.ingest.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.wire.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one request, sends what they hold, and writes an answer for each. One thread. */
final class LineAnswers implements RowSink, LiveSink {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LiveReader reader;
    private final Acks acks = new Acks();
    private final ToTopics topics;
    private final OutputStream answers;
    private final List<String> pairs = new ArrayList<>();
    private @Nullable String id;
    private @Nullable Refused refused;
    private long rows;
    private long accepted;

    LineAnswers(LiveReader.Takes takes, Door door, OutputStream answers) {
        this.reader = new LiveReader("http", takes);
        this.topics = new ToTopics(door, acks);
        this.answers = answers;
    }

    /** Reads to the end. {@return null, or why the body ended early} */
    @Nullable
    String read(InputStream body) throws FileRefused {
        return JsonRows.lines(body, this);
    }

    /** Waits for the broker; null when it has everything that was accepted. */
    @Nullable
    Exception await() throws InterruptedException {
        return acks.await();
    }

    /** Lines that aren't blank. */
    long rows() {
        return rows;
    }

    /** Lines of which something was accepted. */
    long accepted() {
        return accepted;
    }

    @Override
    public void row(long line, Map<String, @Nullable Object> fields) {
        begin();
        reader.read(0, fields, this); // a row's place in a request is no place to find it again
        answer(line);
    }

    @Override
    public void fault(long line, RowFault fault) {
        begin();
        reader.refuse(0, fault, this);
        answer(line);
    }

    private void begin() {
        rows++;
        id = null;
        refused = null;
        pairs.clear();
    }

    @Override
    public void take(ParsedRow row) {
        switch (row) {
            case Candidate pair -> {
                acks.sent();
                topics.take(pair);
                pairs.add(pair.pairId());
                id = pair.sourceId().startsWith("http:0") ? pair.pairId() : pair.sourceId();
            }
            case Refused bad -> refused = refused == null ? bad : refused;
        }
    }

    @Override
    public void take(Conversation conversation) {
        acks.sent();
        topics.take(conversation);
        id = conversation.getConversationId();
    }

    @Override
    public void take(LabelRow label) {
        throw new IllegalStateException("labels don't come this way");
    }

    private void answer(long line) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("line", line);
        boolean taken = id != null;
        accepted += taken ? 1 : 0;
        String name = id != null ? id : refused == null ? null : refused.sourceId();
        if (name != null && !name.startsWith("http:0")) {
            answer.put("id", name);
        }
        answer.put("status", taken ? "accepted" : "refused");
        if (!pairs.isEmpty()) {
            answer.put("pair_ids", pairs);
        }
        if (refused != null) {
            answer.put("rule", refused.rule().id());
            answer.put("field", refused.field());
            answer.put("reason", refused.reason());
        }
        try {
            answers.write(JSON.writeValueAsBytes(answer));
            answers.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer to a request as a whole. */
    static byte[] error(String reason) throws IOException {
        return (JSON.writeValueAsString(Map.of("error", reason)) + "\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
