package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Cuts a template into tokens as transformers sets Jinja2 up: the line break after a tag goes ({@code trim_blocks}), so do blanks
 * before a tag that begins its line ({@code lstrip_blocks}), and so does one line break at the template's end.
 */
final class Lexer {

    private static final Set<String> LONG_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}<>=.:|,";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int opening = opening();
            if (opening < 0) {
                text(source.substring(at), source.length());
                break;
            }
            char kind = source.charAt(opening + 1);
            char sign = signAt(opening + 2);
            text(stripped(source.substring(at, opening), sign, kind != '{'), opening);
            if (kind == '#') {
                comment(sign);
            } else if (kind == '{') {
                inside(Kind.OUTPUT, sign);
            } else if (!raw(sign)) {
                inside(Kind.TAG, sign);
            }
        }
        tokens.add(new Token(Kind.END, "", line));
    }

    private int opening() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private char signAt(int i) {
        return i < source.length() && (source.charAt(i) == '-' || source.charAt(i) == '+') ? source.charAt(i) : ' ';
    }

    private String stripped(String text, char sign, boolean tag) {
        if (sign == '-') {
            return Text.rstrip(text);
        }
        int start = text.lastIndexOf('\n') + 1;
        boolean blank =
                start < text.length() && Text.strip(text.substring(start)).isEmpty() && (start > 0 || lineStarts);
        return tag && sign != '+' && blank ? text.substring(0, start) : text;
    }

    private void text(String text, int end) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, text, line));
        }
        moveTo(end);
    }

    private void moveTo(int end) {
        for (int i = at; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        at = end;
    }

    private void comment(char sign) {
        int start = at + (sign == ' ' ? 2 : 3);
        int end = source.indexOf("#}", start);
        if (end < 0) {
            throw new TemplateFault(line, "a comment is not closed by #}");
        }
        char closing = end > start ? signAt(end - 1) : ' ';
        moveTo(end);
        close(closing, true);
    }

    /** Goes behind an end mark of two characters and, as its sign says, behind blanks or one line break. */
    private void close(char sign, boolean trims) {
        int end = at + 2;
        if (sign == '-') {
            while (end < source.length() && Text.isBlank(source.charAt(end))) {
                end++;
            }
        } else if (trims && sign != '+' && end < source.length() && source.charAt(end) == '\n') {
            end++;
        }
        lineStarts = source.charAt(end - 1) == '\n';
        moveTo(end);
    }

    private boolean raw(char sign) {
        int name = blanksFrom(at + (sign == ' ' ? 2 : 3));
        int close = blanksFrom(name + 3);
        char closing = signAt(close) == '-' ? '-' : ' ';
        int mark = closing == '-' ? close + 1 : close;
        if (!source.startsWith("raw", name) || !source.startsWith("%}", mark)) {
            return false;
        }
        moveTo(mark);
        close(closing, false);
        for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 1)) {
            char before = signAt(i + 2);
            int word = blanksFrom(i + (before == ' ' ? 2 : 3));
            int end = blanksFrom(word + 6);
            char after = signAt(end);
            int endMark = after == ' ' ? end : end + 1;
            if (source.startsWith("endraw", word) && source.startsWith("%}", endMark)) {
                text(stripped(source.substring(at, i), before, true), i);
                moveTo(endMark);
                close(after, true);
                return true;
            }
        }
        throw new TemplateFault(line, "raw is not closed by endraw");
    }

    private int blanksFrom(int i) {
        int end = i;
        while (end < source.length() && Text.isBlank(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private void inside(Kind kind, char sign) {
        boolean tag = kind == Kind.TAG;
        String mark = tag ? "%}" : "}}";
        tokens.add(new Token(kind, mark, line));
        moveTo(at + (sign == ' ' ? 2 : 3));
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            moveTo(blanksFrom(at));
            if (at >= source.length()) {
                throw new TemplateFault(line, "a tag is not closed by " + mark);
            }
            char closing = signAt(at);
            boolean signed = closing == '-' || (tag && closing == '+');
            if (open.isEmpty() && source.startsWith(mark, signed ? at + 1 : at)) {
                tokens.add(new Token(tag ? Kind.TAG_END : Kind.OUTPUT_END, mark, line));
                moveTo(signed ? at + 1 : at);
                close(signed ? closing : ' ', tag);
                return;
            }
            token(open);
        }
    }

    private void token(Deque<Character> open) {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            number();
        } else if (c == '_' || Character.isUnicodeIdentifierStart(c)) {
            int end = at;
            while (end < source.length()
                    && (source.charAt(end) == '_' || Character.isUnicodeIdentifierPart(source.charAt(end)))) {
                end++;
            }
            add(Kind.NAME, end);
        } else if (at + 1 < source.length() && LONG_OPERATORS.contains(source.substring(at, at + 2))) {
            add(Kind.OPERATOR, at + 2);
        } else if (OPERATORS.indexOf(c) >= 0) {
            balance(c, open);
            add(Kind.OPERATOR, at + 1);
        } else {
            throw new TemplateFault(line, "unexpected character " + Character.toString(source.codePointAt(at)));
        }
    }

    private void balance(char c, Deque<Character> open) {
        int opens = "([{".indexOf(c);
        if (opens >= 0) {
            open.push(")]}".charAt(opens));
        } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
            throw new TemplateFault(line, "unexpected " + c);
        }
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, source.substring(at, end), line));
        moveTo(end);
    }

    private void number() {
        int end = digitsFrom(at);
        Kind kind = Kind.INTEGER;
        boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
        if (!afterDot && end + 1 < source.length() && source.charAt(end) == '.' && isDigit(end + 1)) {
            end = digitsFrom(end + 1);
            kind = Kind.FLOAT;
        }
        if (!afterDot && end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
            int exponent = signAt(end + 1) == ' ' ? end + 1 : end + 2;
            if (isDigit(exponent)) {
                end = digitsFrom(exponent);
                kind = Kind.FLOAT;
            }
        }
        tokens.add(new Token(kind, source.substring(at, end).replace("_", ""), line));
        moveTo(end);
    }

    private int digitsFrom(int i) {
        int end = i;
        while (isDigit(end) || (end > i && end < source.length() && source.charAt(end) == '_' && isDigit(end + 1))) {
            end++;
        }
        return end;
    }

    private boolean isDigit(int i) {
        return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
    }

    private void string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateFault(line, "a text is not closed by " + quote);
        }
        tokens.add(new Token(Kind.STRING, Escapes.read(source.substring(at + 1, end), line), line));
        moveTo(end + 1);
    }
}
