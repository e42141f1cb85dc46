package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.LiveRows;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.PairIn;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends what live rows hold to the topics of the ways in, refused rows included, so that each row gets its verdict. */
final class ToTopics implements LiveSink {

    private final Door door;
    private final Consumer<@Nullable Exception> done;

    ToTopics(Door door, Consumer<@Nullable Exception> done) {
        this.door = door;
        this.done = done;
    }

    @Override
    public void take(ParsedRow row) {
        PairIn in = LiveRows.of(row);
        String key = row instanceof Candidate pair ? pair.matchId() : in.getBatch() + "/" + in.getOrdinal();
        door.send(Topics.PAIRS_IN, key, in, done);
    }

    @Override
    public void take(Conversation conversation) {
        door.send(Topics.CONVERSATIONS_IN, conversation.getConversationId(), conversation, done);
    }

    @Override
    public void take(LabelRow label) {
        door.send(Topics.ANNOTATIONS_IN, label.id(), LiveRows.of(label), done);
    }
}
