package io.prefstream.models.chat.jinja;

import java.util.function.IntPredicate;

/** Blanks and places of a text as Python counts them: in code points. */
final class Text {

    private Text() {}

    /** Whether Python's {@code str.isspace} holds. */
    static boolean isBlank(int c) {
        return c <= ' '
                ? c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f)
                : c == 0x85 || c == 0xa0 || Character.isSpaceChar(c);
    }

    static String strip(String text) {
        return rstrip(lstrip(text, Text::isBlank), Text::isBlank);
    }

    static String rstrip(String text) {
        return rstrip(text, Text::isBlank);
    }

    static String lstrip(String text, IntPredicate goes) {
        int start = 0;
        while (start < text.length() && goes.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static String rstrip(String text, IntPredicate goes) {
        int end = text.length();
        while (end > 0 && goes.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Order of code points, in which Python compares. */
    static int compare(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    /** How often a text that is not empty is found, without overlaps. */
    static int count(String text, String sought) {
        int count = 0;
        for (int i = text.indexOf(sought); i >= 0; i = text.indexOf(sought, i + sought.length())) {
            count++;
        }
        return count;
    }
}
