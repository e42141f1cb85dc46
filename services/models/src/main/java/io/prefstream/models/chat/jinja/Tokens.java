package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Token.Kind;
import java.util.List;

/** A place in a template's tokens. */
final class Tokens {

    /** Brackets and blocks within each other. */
    private static final int MOST_DEPTH = 100;

    private final List<Token> tokens;
    private int at;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token now() {
        return tokens.get(at);
    }

    Token after() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return now().line();
    }

    Token next() {
        Token token = now();
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean skip(Kind kind) {
        return skip(now().kind() == kind);
    }

    boolean skipOperator(String operator) {
        return skip(now().isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(now().isName(name));
    }

    private boolean skip(boolean here) {
        if (here) {
            next();
        }
        return here;
    }

    Token expect(Kind kind, String what) {
        if (now().kind() != kind) {
            throw unexpected(what);
        }
        return next();
    }

    String expectName() {
        return expect(Kind.NAME, "a name").text();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected(operator);
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected(name);
        }
    }

    TemplateFault unexpected(String wanted) {
        return fault("expected " + wanted + " and found " + now());
    }

    TemplateFault fault(String message) {
        return new TemplateFault(line(), message);
    }

    void enter() {
        if (++depth > MOST_DEPTH) {
            throw fault("more than " + MOST_DEPTH + " brackets or blocks within each other");
        }
    }

    void leave() {
        depth--;
    }
}
