package io.prefstream.models.chat.jinja;

import java.util.Locale;

/** Upper and lower case as Python's texts and Jinja's filters set them. */
final class Casing {

    private Casing() {}

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** First letter large, the others small. */
    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return title(text.substring(0, first)) + lower(text.substring(first));
    }

    /** Python's {@code str.title}: a letter after what is no letter is large. */
    static String titled(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String letter = Character.toString(c);
            titled.append(inWord ? lower(letter) : title(letter));
            inWord = Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
            i += Character.charCount(c);
        }
        return titled.toString();
    }

    /** Jinja's filter {@code title}: what follows a blank, a hyphen or an opening bracket is large. */
    static String titledWords(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String letter = Character.toString(c);
            boolean between = Text.isBlank(c) || "-({[<".indexOf(c) >= 0;
            titled.append(between ? letter : inWord ? lower(letter) : upper(letter));
            inWord = !between;
            i += Character.charCount(c);
        }
        return titled.toString();
    }

    private static String title(String letter) {
        String upper = upper(letter);
        int titled = Character.toTitleCase(letter.codePointAt(0));
        // letters such as the sharp s become two, of which the second stays small
        return upper.codePointCount(0, upper.length()) > 1
                ? upper.substring(0, upper.offsetByCodePoints(0, 1))
                        + lower(upper.substring(upper.offsetByCodePoints(0, 1)))
                : Character.toString(titled);
    }
}
