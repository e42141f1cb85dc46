package io.prefstream.ingest.domain;

import io.prefstream.core.pair.Message;
import java.util.List;

/**
 * Answers to one conversation, none of which is preferred yet.
 *
 * @param line 1-based, as {@link ParsedRow#line()}
 * @param sourceId the row's own id, or {@code <file>:<line>}
 * @param history the turns before the answers
 * @param answers in the row's order; may be blank
 * @param several whether the row holds a list of answers, of however many, rather than one conversation
 */
public record AnswerRow(
        String file, long line, String sourceId, List<Message> history, List<String> answers, boolean several) {

    public AnswerRow {
        history = List.copyOf(history);
        answers = List.copyOf(answers);
    }
}
