package io.prefstream.core.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is counted of a text, in one walk over its code points.
 *
 * <p>A stretch is a row of words with nothing but blanks between them: prose has marks and line ends, and so have lists, code,
 * tables and formulas.
 */
final class Figures {

    /** Words among which joints are counted. */
    static final int WINDOW = 32;

    private static final int GRAM = 8;
    private static final int UNBROKEN = 100;
    private static final int CONSONANTS = 5;
    private static final int ZALGO = 4;
    private static final int EMOJI = 0x1F000;

    private static final Set<String> FUNCTION_WORDS = functionWords();

    /** Code points that show: all but blanks and hidden ones. */
    int visible;
    /** Code points that no one sees or no standard defines: controls, private and unassigned ones, zero-width marks. */
    int hidden;
    /** Those among them that no text has by mistake: they reorder what is shown, or smuggle text. */
    int smuggled;
    /** Share of runs of eight code points that have stood before, 0..1. */
    double repeated;
    /** Share of visible code points in runs of more than 100 letters, digits and signs of base 64. */
    double unbroken;
    /** Writing systems that have a hundredth of the letters or more; those of Japanese and Chinese are one. */
    int scripts;
    /** Changes from one to another within stretches, per word. */
    double scriptChanges;
    /** Words that mix Latin and Cyrillic letters, which look alike. */
    int mixedWords;
    /** Words. */
    int words;
    /** Latin words of five letters or more. */
    int longWords;
    /** Those of them with five consonants in a row. */
    int noisyWords;
    /** Words of alphabets whose words of grammar are known here. */
    int alphabeticWords;
    /**
     * Fewest joints among {@link #WINDOW} such words in a row, or among all when there are fewer. A joint is a word of grammar,
     * one that stood before, or one after a mark, a line end, a number or another script.
     */
    int fewestJoints;
    /** Letters that follow a letter, and how many of those are capitals after a small one. */
    int letterPairs;

    int capitalsWithin;

    private final Map<UnicodeScript, Integer> letters = new EnumMap<>(UnicodeScript.class);
    private final Set<String> seen = new HashSet<>();
    private final boolean[] joints = new boolean[WINDOW];
    private int jointsInWindow;
    private boolean joint = true;
    private final StringBuilder word = new StringBuilder();
    private UnicodeScript last = UnicodeScript.COMMON;
    private UnicodeScript inWord = UnicodeScript.COMMON;
    private boolean mixed;
    private int changes;
    private int token;
    private int unbrokenPoints;
    private int marks;
    private int consonants;
    private int mostConsonants;
    private int wordLetters;

    private Figures() {}

    static Figures of(String text) {
        Figures figures = new Figures();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            figures.take(points, i);
        }
        figures.endOfStretch();
        figures.endOfToken();
        figures.finish(points);
        return figures;
    }

    private void take(int[] points, int i) {
        int c = points[i];
        int before = i == 0 ? ' ' : points[i - 1];
        marks = Character.getType(c) == Character.NON_SPACING_MARK ? marks + 1 : 0;
        if (isHidden(c, before) || marks >= ZALGO) {
            hidden++;
            smuggled += isSmuggled(c, before) ? 1 : 0;
            return;
        }
        boolean blank = Character.isWhitespace(c) || Character.isSpaceChar(c);
        if (blank) {
            endOfToken();
            endOfWord();
            if (c == '\n' || c == '\r' || c == '\t') {
                endOfStretch();
            }
            return;
        }
        visible++;
        UnicodeScript script = script(c);
        boolean alphabetic = Character.isLetter(c) || marks > 0;
        boolean ruler = c == before && !Character.isLetterOrDigit(c);
        token = !isUnbroken(c, script) ? endOfToken() : ruler ? token : token + 1;
        if (alphabetic) {
            letter(c, before, script);
        } else if ((c == '\'' || c == '’' || c == '-') && !word.isEmpty()) {
            consonants = 0; // within a word
        } else {
            endOfStretch();
        }
    }

    private void letter(int c, int before, UnicodeScript script) {
        letterPairs += Character.isLetter(before) ? 1 : 0;
        if (Character.isUpperCase(c) && Character.isLowerCase(before)) {
            capitalsWithin++;
            endOfWord(); // camelCase
        }
        if (script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
            letters.merge(script, 1, Integer::sum);
            changes += last != UnicodeScript.COMMON && last != script ? 1 : 0;
            mixed |= inWord != UnicodeScript.COMMON && inWord != script && looksAlike(inWord) && looksAlike(script);
            last = script;
            inWord = script;
        }
        word.appendCodePoint(c);
        wordLetters++;
        consonants = isConsonant(c) ? consonants + 1 : 0;
        mostConsonants = Math.max(mostConsonants, consonants);
    }

    private void endOfWord() {
        if (word.isEmpty()) {
            return;
        }
        words++;
        mixedWords += mixed ? 1 : 0;
        if (inWord == UnicodeScript.LATIN && wordLetters >= CONSONANTS) {
            longWords++;
            noisyWords += mostConsonants >= CONSONANTS && !word.toString().equals("https") ? 1 : 0;
        }
        if (isAlphabet(inWord)) {
            String lower = word.toString().toLowerCase(Locale.ROOT);
            boolean known = !seen.add(lower);
            takeWord(joint || known || FUNCTION_WORDS.contains(lower));
            joint = false;
        } else {
            joint = true;
        }
        word.setLength(0);
        wordLetters = 0;
        consonants = 0;
        mostConsonants = 0;
        mixed = false;
        inWord = UnicodeScript.COMMON;
    }

    private void takeWord(boolean joins) {
        int at = alphabeticWords++ % WINDOW;
        jointsInWindow += (joins ? 1 : 0) - (joints[at] ? 1 : 0);
        joints[at] = joins;
        fewestJoints = alphabeticWords <= WINDOW ? jointsInWindow : Math.min(fewestJoints, jointsInWindow);
    }

    private void endOfStretch() {
        endOfWord();
        joint = true;
        last = UnicodeScript.COMMON;
    }

    private int endOfToken() {
        unbrokenPoints += token > UNBROKEN ? token : 0;
        token = 0;
        return 0;
    }

    private void finish(int[] points) {
        int all = letters.values().stream().mapToInt(n -> n).sum();
        scripts = (int) letters.values().stream().filter(n -> n * 100 >= all).count();
        scriptChanges = words == 0 ? 0 : (double) changes / words;
        unbroken = visible == 0 ? 0 : (double) unbrokenPoints / visible;
        repeated = repeated(points);
    }

    /** Rulers, borders and indents, which repeat one mark, count once; emoji count each time. */
    private static double repeated(int[] points) {
        int[] kept = new int[points.length];
        int n = 0;
        for (int c : points) {
            if (n == 0 || kept[n - 1] != c || Character.isLetterOrDigit(c) || c >= EMOJI) {
                kept[n++] = c;
            }
        }
        int grams = n - GRAM + 1;
        if (grams < 1) {
            return 0;
        }
        long[] hashes = new long[grams];
        for (int i = 0; i < grams; i++) {
            long hash = 0;
            for (int j = i; j < i + GRAM; j++) {
                hash = hash * 0x9E3779B97F4A7C15L + kept[j];
            }
            hashes[i] = hash;
        }
        Arrays.sort(hashes);
        int distinct = 1;
        for (int i = 1; i < grams; i++) {
            distinct += hashes[i] == hashes[i - 1] ? 0 : 1;
        }
        return 1 - (double) distinct / grams;
    }

    private static UnicodeScript script(int c) {
        UnicodeScript script = UnicodeScript.of(c);
        return switch (script) {
            case HIRAGANA, KATAKANA, BOPOMOFO -> UnicodeScript.HAN;
            default -> script;
        };
    }

    /** Alphabets whose languages part words by blanks, and whose words of grammar are known here. */
    private static boolean isAlphabet(UnicodeScript script) {
        return script == UnicodeScript.LATIN || script == UnicodeScript.CYRILLIC || script == UnicodeScript.GREEK;
    }

    private static boolean looksAlike(UnicodeScript script) {
        return script == UnicodeScript.LATIN || script == UnicodeScript.CYRILLIC;
    }

    private static boolean isUnbroken(int c, UnicodeScript script) {
        return c < 0x80
                ? Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_'
                : isAlphabet(script);
    }

    private static boolean isConsonant(int c) {
        return c < 0x80 && Character.isLetter(c) && "aeiouyAEIOUY".indexOf(c) < 0;
    }

    private static boolean isHidden(int c, int before) {
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> true;
            case Character.CONTROL -> !Character.isWhitespace(c) && c != 0x85;
            case Character.FORMAT -> isHiddenFormat(c, before);
            default ->
                c == 0xFFFD
                        || c == 0x115F
                        || c == 0x1160
                        || c == 0x3164
                        || (c >= 0xFE00 && c <= 0xFE0D)
                        || isSmuggled(c, before);
        };
    }

    /** Joiners have a use in emoji and in scripts that join letters, direction marks beside right-to-left text. */
    private static boolean isHiddenFormat(int c, int before) {
        return switch (c) {
            case 0x200C, 0x200D -> before < 0x250;
            case 0x200E, 0x200F, 0x061C -> false;
            default ->
                !(c >= 0xE0020 && c <= 0xE007F && (before == 0x1F3F4 || (before >= 0xE0020 && before <= 0xE007F)));
        };
    }

    /** Overrides of direction, tags, and selectors of variants that follow no ideograph. */
    private static boolean isSmuggled(int c, int before) {
        return c == 0x202D
                || c == 0x202E
                || (c >= 0xE0000 && c <= 0xE007F)
                || (c >= 0xE0100 && c <= 0xE01EF && !Character.isIdeographic(before));
    }

    private static Set<String> functionWords() {
        Set<String> words = new HashSet<>();
        try (InputStream in = Objects.requireNonNull(Figures.class.getResourceAsStream("function-words-1.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(
                            line -> words.addAll(Arrays.asList(line.substring(3).split(" "))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Set.copyOf(words);
    }
}
