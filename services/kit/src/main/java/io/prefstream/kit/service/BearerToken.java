package io.prefstream.kit.service;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What clients must show as {@code Authorization: Bearer}, compared in constant time. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] token;

    /** This token; null when any client may come in. */
    public BearerToken(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a request shows it. */
    public boolean allows(HttpExchange exchange) {
        if (token == null) {
            return true;
        }
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        return shown != null
                && shown.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        token, shown.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
