package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Hashes;
import io.prefstream.wire.AnswerVote;
import io.prefstream.wire.AttributeEdit;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records of parsed rows. A row of a file that is read as a batch is known by its place; a row that comes by a way
 * without an end is known by what it says, so that it may come again, from anywhere, and change nothing.
 */
public final class LiveRows {

    /** Batch of all rows that come by ways without an end. */
    public static final String BATCH = "live";

    private static final String THUMBS = "thumbs";
    private static final long LABELS = 1_000_000_000_000L;

    private LiveRows() {}

    /** A row that comes by itself. */
    public static PairIn of(ParsedRow row) {
        return switch (row) {
            case Candidate pair -> {
                boolean named = !pair.sourceId().startsWith(pair.file() + ":" + pair.line());
                PairIn in = of(BATCH, number(named ? pair.sourceId() : "", pair.pairId()), pair);
                if (!named) {
                    in.setSourceId(pair.pairId()); // its place may be another one next time
                }
                yield in;
            }
            case Refused refused ->
                of(
                        BATCH,
                        number(
                                refused.file() + ":" + refused.line(),
                                refused.rule().id() + refused.reason()),
                        refused);
        };
    }

    /** A row of a batch. */
    public static PairIn of(String batch, long ordinal, ParsedRow row) {
        PairIn.Builder in = PairIn.newBuilder()
                .setBatch(batch)
                .setOrdinal(ordinal)
                .setFile(row.file())
                .setLine(row.line());
        return switch (row) {
            case Candidate c ->
                in.setSourceId(c.sourceId())
                        .setHistory(history(c.history()))
                        .setChosen(c.chosen())
                        .setRejected(c.rejected())
                        .setExtra(c.extra())
                        .setRule(null)
                        .setReason(null)
                        .build();
            case Refused r ->
                in.setSourceId(r.sourceId())
                        .setHistory(List.of())
                        .setChosen(null)
                        .setRejected(null)
                        .setExtra(Map.of())
                        .setRule(r.rule().id())
                        .setReason(r.field().isEmpty() ? r.reason() : "field " + r.field() + ": " + r.reason())
                        .build();
        };
    }

    /** A label that comes by itself. */
    public static HumanAnnotation of(LabelRow row) {
        String said = row.id() + "\n" + row.verdict() + "\n" + row.annotator() + "\n" + row.at() + "\n"
                + row.shownFirst() + "\n" + row.seconds() + "\n" + row.edit();
        return of(BATCH, number("label", said) % LABELS, row);
    }

    /** A label of a batch. */
    public static HumanAnnotation of(String batch, long ordinal, LabelRow row) {
        return HumanAnnotation.newBuilder()
                .setId(row.id())
                .setPairId(null)
                .setVerdict(
                        row.verdict() == null
                                ? HumanVerdict.UNKNOWN
                                : HumanVerdict.valueOf(row.verdict().name()))
                .setShownFirst(row.shownFirst())
                .setAnnotator(row.annotator() == null ? "" : row.annotator())
                .setSeconds(row.seconds())
                .setAt(row.at())
                .setBatch(batch)
                .setOrdinal(ordinal)
                .setFile(row.file())
                .setLine(row.line())
                .setAudit(row.audit())
                .setEdit(row.edit() == null ? null : edit(row.edit()))
                .build();
    }

    private static AttributeEdit edit(io.prefstream.core.pair.AttributeEdit edit) {
        return new AttributeEdit(
                edit.taskCategory(),
                edit.objectivity(),
                edit.controversiality(),
                edit.desiredAttributes(),
                edit.annotationGuideline());
    }

    /** A pair that a conversation holds; its number is of the conversation and the pair alone, whatever rule found it. */
    public static PairIn of(Conversation conversation, Extraction.Preference pair) {
        String id = conversation.getConversationId();
        String pairId = PairIdentity.pairId(pair.history(), pair.chosen(), pair.rejected());
        Map<String, String> extra = new TreeMap<>();
        extra.put("conversation", id);
        extra.put("turn", Integer.toString(pair.turn()));
        extra.put("pair_rule", pair.rule().id());
        if (pair.messageId() != null) {
            extra.put("message", pair.messageId());
        }
        if (pair.chosenRating() != null && pair.rejectedRating() != null) {
            extra.put("chosen_rating", pair.chosenRating().toString());
            extra.put("rejected_rating", pair.rejectedRating().toString());
        }
        return PairIn.newBuilder()
                .setBatch(BATCH)
                .setOrdinal(number(pair.rule() == PairRule.THUMBS ? THUMBS : id, pairId))
                .setFile(conversation.getFile())
                .setLine(conversation.getLine())
                .setSourceId(id + "/" + pair.turn() + "/" + pair.rule().id() + "#" + pairId.substring(0, 8))
                .setHistory(history(pair.history()))
                .setChosen(pair.chosen())
                .setRejected(pair.rejected())
                .setExtra(extra)
                .setRule(null)
                .setReason(null)
                .build();
    }

    /** A thumb, for the task that holds all thumbs of its prompt. */
    public static AnswerVote of(Conversation conversation, Extraction.Vote vote) {
        return new AnswerVote(
                conversation.getConversationId(), vote.turn(), history(vote.history()), vote.answer(), vote.up());
    }

    /** The pair of two answers of different conversations to the same turns, one with thumbs up, one with thumbs down. */
    public static PairIn of(List<PairInMessage> history, AnswerVote up, AnswerVote down) {
        String pairId = PairIdentity.pairId(
                history.stream()
                        .map(turn -> new Message(turn.getRole(), turn.getContent()))
                        .toList(),
                up.getAnswer(),
                down.getAnswer());
        return PairIn.newBuilder()
                .setBatch(BATCH)
                .setOrdinal(number(THUMBS, pairId))
                .setFile("conversations")
                .setLine(0)
                .setSourceId(THUMBS + "#" + pairId.substring(0, 16))
                .setHistory(history)
                .setChosen(up.getAnswer())
                .setRejected(down.getAnswer())
                .setExtra(Map.of(
                        "pair_rule",
                        PairRule.THUMBS.id(),
                        "turn",
                        Integer.toString(up.getTurn()),
                        "conversation",
                        up.getConversationId(),
                        "rejected_conversation",
                        down.getConversationId()))
                .setRule(null)
                .setReason(null)
                .build();
    }

    /** A conversation that can't be read, as a refused row. */
    public static PairIn of(Conversation conversation, RowFault fault) {
        return of(
                BATCH,
                number("conversation", conversation.getConversationId()),
                new Refused(
                        conversation.getFile(),
                        conversation.getLine(),
                        conversation.getConversationId(),
                        fault.rule(),
                        fault.reason(),
                        fault.field()));
    }

    private static long number(String owner, String what) {
        return Hashes.of(0, "live-row", owner + "\n" + what) >>> 1;
    }

    private static List<PairInMessage> history(List<Message> history) {
        return history.stream()
                .map(turn -> new PairInMessage(turn.role(), turn.content()))
                .toList();
    }
}
