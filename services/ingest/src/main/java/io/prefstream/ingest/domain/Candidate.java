package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import java.util.List;
import java.util.Map;

/**
 * A pair fit to be judged.
 *
 * @param sourceId the row's own id, or {@code <file>:<line>}
 * @param history the turns before the answers; the last is a user's (or a tool's)
 * @param extra what else the row said about the pair, as text ({@code chosen_model}, ratings ...)
 */
public record Candidate(
        String file,
        long line,
        String sourceId,
        String pairId,
        String matchId,
        List<Message> history,
        String chosen,
        String rejected,
        Map<String, String> extra)
        implements ParsedRow {

    static Candidate of(
            String file,
            long line,
            String sourceId,
            List<Message> history,
            String chosen,
            String rejected,
            Map<String, String> extra) {
        return new Candidate(
                file,
                line,
                sourceId,
                PairIdentity.pairId(history, chosen, rejected),
                PairIdentity.matchId(history, chosen, rejected),
                List.copyOf(history),
                chosen,
                rejected,
                extra);
    }
}
