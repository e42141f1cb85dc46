package io.prefstream.core.cleaning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words as decontamination counts them: runs of two or more letters, digits or underscores, in lower case. */
final class Words {

    private Words() {}

    static List<String> of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < lower.length()) {
            int from = at;
            int letters = 0;
            while (at < lower.length() && isWord(lower.codePointAt(at))) {
                at += Character.charCount(lower.codePointAt(at));
                letters++;
            }
            if (letters >= 2) {
                words.add(lower.substring(from, at));
            }
            if (at < lower.length()) {
                at += Character.charCount(lower.codePointAt(at));
            }
        }
        return words;
    }

    private static boolean isWord(int character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }
}
