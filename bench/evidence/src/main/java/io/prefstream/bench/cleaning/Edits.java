package io.prefstream.bench.cleaning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Edits that make a near-duplicate of a text, each at a rate. */
enum Edits {
    /** A share of the words gets one letter changed, dropped, doubled or swapped with the next. */
    TYPOS,
    /** A share of the words changes places with the next. */
    WORD_SWAPS,
    /** A share of the text is cut off its end. */
    TRUNCATION,
    /** A share of the words that have a synonym in the list is replaced by it. */
    SYNONYMS,
    /** Lower case, and blanks of other kinds and numbers; the rate counts for nothing. */
    FORMATTING;

    private static final Map<String, String> SYNONYM = synonyms(
            "big large",
            "small little",
            "good great",
            "bad poor",
            "happy glad",
            "sad unhappy",
            "begin start",
            "end finish",
            "help assist",
            "buy purchase",
            "get obtain",
            "show display",
            "use utilize",
            "make create",
            "need require",
            "think believe",
            "want wish",
            "often frequently",
            "maybe perhaps",
            "also too",
            "but however",
            "because since",
            "many numerous",
            "people persons",
            "way manner",
            "important significant",
            "different distinct",
            "easy simple",
            "hard difficult",
            "fast quick",
            "about around",
            "kids children",
            "job work",
            "answer reply",
            "ask inquire",
            "tell inform",
            "give provide",
            "keep retain",
            "find discover",
            "like enjoy",
            "can could",
            "will shall",
            "should ought",
            "very really",
            "sure certain");

    private static Map<String, String> synonyms(String... pairs) {
        Map<String, String> both = new HashMap<>();
        for (String pair : pairs) {
            String[] words = pair.split(" ", 2);
            both.put(words[0], words[1]);
            both.put(words[1], words[0]);
        }
        return both;
    }

    /** Rates worth measuring. */
    List<Double> rates() {
        return switch (this) {
            case SYNONYMS -> List.of(0.1, 0.5, 1.0);
            case FORMATTING -> List.of(0.0);
            case TRUNCATION -> List.of(0.05, 0.1, 0.2);
            default -> List.of(0.01, 0.02, 0.05, 0.1);
        };
    }

    /** The pair with each of its texts edited. */
    Index.Row of(Index.Row row, double rate, Random random) {
        return new Index.Row(
                of(row.prompt(), rate, random), of(row.chosen(), rate, random), of(row.rejected(), rate, random));
    }

    private String of(String text, double rate, Random random) {
        if (this == TRUNCATION) {
            return text.substring(0, (int) Math.round(text.length() * (1 - rate)));
        }
        if (this == FORMATTING) {
            return text.toLowerCase(Locale.ROOT).replace("\n", " \n\n ").replace(" ", "  ");
        }
        List<String> words = new ArrayList<>(Arrays.asList(text.split(" ", -1)));
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (random.nextDouble() >= rate) {
                continue;
            }
            if (this == TYPOS && word.length() > 1) {
                words.set(i, typo(word, random));
            } else if (this == WORD_SWAPS && i + 1 < words.size()) {
                words.set(i, words.get(i + 1));
                words.set(++i, word);
            } else if (this == SYNONYMS) {
                words.set(i, SYNONYM.getOrDefault(word.toLowerCase(Locale.ROOT), word));
            }
        }
        return String.join(" ", words);
    }

    private static String typo(String word, Random random) {
        int at = random.nextInt(word.length() - 1);
        String before = word.substring(0, at);
        String after = word.substring(at + 2);
        char one = word.charAt(at);
        char two = word.charAt(at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> before + (char) ('a' + random.nextInt(26)) + two + after;
            case 1 -> before + two + after;
            case 2 -> before + one + one + two + after;
            default -> before + two + one + after;
        };
    }
}
