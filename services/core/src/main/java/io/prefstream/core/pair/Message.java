package io.prefstream.core.pair;

import java.util.Objects;

/**
 * One turn of a conversation, as it came: neither trimmed nor normalised.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content the text of the turn; may be empty
 */
public record Message(String role, String content) {
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }
}
