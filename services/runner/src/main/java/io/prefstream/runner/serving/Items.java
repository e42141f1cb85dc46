package io.prefstream.runner.serving;

import io.prefstream.core.pair.Message;
import java.util.List;

/**
 * What one request wants scored: conversations, or texts on which a chat template lies; never both.
 *
 * @param conversations each ends with the answer; empty when there are texts
 * @param texts empty when there are conversations
 */
record Items(List<List<Message>> conversations, List<String> texts) {

    static Items ofConversations(List<List<Message>> conversations) {
        return new Items(List.copyOf(conversations), List.of());
    }

    static Items ofTexts(List<String> texts) {
        return new Items(List.of(), List.copyOf(texts));
    }

    /** Whether they are texts. */
    boolean templated() {
        return conversations.isEmpty();
    }

    int size() {
        return conversations.size() + texts.size();
    }

    /** Chars of all of them. */
    long chars() {
        long chars = 0;
        for (String text : texts) {
            chars += text.length();
        }
        for (List<Message> talk : conversations) {
            for (Message message : talk) {
                chars += message.content().length();
            }
        }
        return chars;
    }
}
