package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.LabelRow;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.wire.Conversation;

/** Takes what the rows of a way without an end hold. */
interface LiveSink {

    /** A pair, or a row that is none. */
    void take(ParsedRow row);

    /** A conversation. */
    void take(Conversation conversation);

    /** A human label. */
    void take(LabelRow label);
}
