package io.prefstream.models.chat.jinja;

/** Backslashes in a template's text literals, which mean what they mean in Python. */
final class Escapes {

    private static final String LETTERS = "\\'\"abfnrtv";
    private static final String MEANINGS = "\\'\"\u0007\b\f\n\r\t\u000b";

    private Escapes() {}

    static String read(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = literal.charAt(++i);
            int letter = LETTERS.indexOf(escaped);
            if (letter >= 0) {
                text.append(MEANINGS.charAt(letter));
            } else if (escaped == 'x' || escaped == 'u' || escaped == 'U') {
                int digits = escaped == 'x' ? 2 : escaped == 'u' ? 4 : 8;
                text.appendCodePoint(codePoint(literal, i + 1, i + 1 + digits, 16, line));
                i += digits;
            } else if (escaped >= '0' && escaped <= '7') {
                int end = i;
                while (end < literal.length()
                        && end < i + 3
                        && literal.charAt(end) >= '0'
                        && literal.charAt(end) <= '7') {
                    end++;
                }
                text.appendCodePoint(codePoint(literal, i, end, 8, line));
                i = end - 1;
            } else if (escaped == 'N') {
                throw new TemplateFault(line, "a character's name after \\N is not supported");
            } else if (escaped != '\n') {
                text.append('\\').append(escaped);
            }
        }
        return text.toString();
    }

    private static int codePoint(String literal, int start, int end, int radix, int line) {
        try {
            int codePoint = Integer.parseUnsignedInt(literal.substring(start, end), radix);
            if (Character.isValidCodePoint(codePoint)) {
                return codePoint;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw wrong(line);
        }
        throw wrong(line);
    }

    private static TemplateFault wrong(int line) {
        return new TemplateFault(line, "a text holds a wrong escape after \\");
    }
}
