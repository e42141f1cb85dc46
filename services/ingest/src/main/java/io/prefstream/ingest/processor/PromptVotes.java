package io.prefstream.ingest.processor;

import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.domain.LiveRows;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.wire.AnswerVote;
import io.prefstream.wire.PairIn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Pairs answers that different conversations got to the same turns: each with thumbs up against each with thumbs down. All
 * votes on one prompt meet in one task, and each two answers make their pair whichever vote comes first.
 */
final class PromptVotes {

    /** The first vote of each kind for each answer, by prompt, kind and answer, without the turns before it. */
    static final Store<AnswerVote> STORE = new Store<>("prompt-votes", StoreSerdes.avro(AnswerVote.class), false);

    /**
     * Answers of a kind that are kept for one prompt, so that a greeting that everybody sends makes no millions of pairs.
     * Further ones make none with other conversations.
     */
    static final int MOST = 64;

    private final KeyValueStore<String, AnswerVote> votes;

    PromptVotes(KeyValueStore<String, AnswerVote> votes) {
        this.votes = votes;
    }

    /** Takes a vote, and gives the pairs that it makes with those before it. */
    List<PairIn> take(String prompt, AnswerVote vote) {
        String key = kind(prompt, vote.getUp()) + answer(vote);
        if (votes.get(key) != null || all(kind(prompt, vote.getUp())).size() >= MOST) {
            return List.of();
        }
        votes.put(key, AnswerVote.newBuilder(vote).setHistory(List.of()).build());
        List<PairIn> pairs = new ArrayList<>();
        for (AnswerVote other : all(kind(prompt, !vote.getUp()))) {
            boolean same = other.getAnswer().equals(vote.getAnswer());
            boolean ownTurn = other.getConversationId().equals(vote.getConversationId());
            if (!same && !ownTurn) { // a conversation's own pairs are made where it is read
                pairs.add(LiveRows.of(vote.getHistory(), vote.getUp() ? vote : other, vote.getUp() ? other : vote));
            }
        }
        return pairs;
    }

    private List<AnswerVote> all(String kind) {
        List<AnswerVote> all = new ArrayList<>();
        try (KeyValueIterator<String, AnswerVote> range = votes.range(kind, kind + "g")) { // after any hexadecimal
            range.forEachRemaining(entry -> all.add(entry.value));
        }
        return all;
    }

    private static String kind(String prompt, boolean up) {
        return prompt + (up ? "/up/" : "/down/");
    }

    private static String answer(AnswerVote vote) {
        return HexFormat.of().formatHex(Hashes.sha256(vote.getAnswer().getBytes(StandardCharsets.UTF_8)));
    }
}
