package io.prefstream.core.features;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts of an answer's words and structure, given the last user turn. They say what an encoder's vector says badly: how
 * long, how ordered, how careful. The same text gives the same bits on every machine.
 */
public final class LexicalFeatures {

    /** Names of the features, in order. */
    public static final List<String> NAMES = List.of(
            "log_chars",
            "log_words",
            "log_sentences",
            "word_length",
            "sentence_words",
            "distinct_words",
            "repeated_trigrams",
            "commas",
            "question_marks",
            "exclamation_marks",
            "digits",
            "capitals",
            "shouted_words",
            "starts_with_capital",
            "ends_with_stop",
            "list_items",
            "headings",
            "bold",
            "code_fences",
            "paragraphs",
            "links",
            "equations",
            "quotes",
            "non_ascii",
            "refusal",
            "hedges",
            "reasons",
            "first_person",
            "second_person",
            "prompt_overlap",
            "prompt_words_used",
            "lower_i");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+");
    private static final Pattern SENTENCE = Pattern.compile("[.!?]+(\\s|$)");
    private static final Pattern LIST = Pattern.compile("(?m)^\\s*([-*+•]|\\d{1,2}[.)])\\s+");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} ");
    private static final Pattern BOLD = Pattern.compile("\\*\\*[^*\n]+\\*\\*");
    private static final Pattern LINK = Pattern.compile("https?://");
    private static final Pattern EQUATION = Pattern.compile("[0-9)] ?[=+*/×÷-] ?[0-9(]");
    private static final Pattern LOWER_I = Pattern.compile("(^|\\s)i(\\s|'|$)");
    private static final Pattern REFUSAL = Pattern.compile(
            "(?i)\\b(i'm sorry|i am sorry|i can't|i cannot|i can not|as an ai|i won't|unable to|not able to|inappropriate)\\b");
    private static final Pattern HEDGE = Pattern.compile(
            "(?i)\\b(maybe|perhaps|might|could be|probably|i think|i guess|not sure|it depends|sort of|kind of)\\b");
    private static final Pattern REASON = Pattern.compile(
            "(?i)\\b(because|therefore|since|thus|hence|so that|due to|for example|for instance|such as|however)\\b");
    private static final Set<String> FIRST = Set.of("i", "i'm", "i've", "my", "me", "we", "our");
    private static final Set<String> SECOND = Set.of("you", "your", "you're", "you'll");

    private LexicalFeatures() {}

    /** The features of an answer to a prompt, in the order of {@link #NAMES}. */
    public static float[] of(String prompt, String answer) {
        List<String> words = words(answer);
        int n = Math.max(1, words.size());
        int chars = Math.max(1, answer.length());
        int sentences = Math.max(1, count(SENTENCE, answer));
        Set<String> distinct = new HashSet<>(words);
        Set<String> asked = new HashSet<>(words(prompt));
        long letters = words.stream().mapToLong(String::length).sum();
        String trimmed = answer.strip();
        double[] values = {
            log(chars),
            log(words.size()),
            log(sentences),
            (double) letters / n,
            log((double) words.size() / sentences),
            (double) distinct.size() / n,
            repeats(words),
            100.0 * of(answer, ',') / chars,
            log(of(answer, '?')),
            log(of(answer, '!')),
            share(answer, Character::isDigit),
            share(answer, Character::isUpperCase),
            log(shouted(answer)),
            !trimmed.isEmpty() && Character.isUpperCase(trimmed.codePointAt(0)) ? 1 : 0,
            !trimmed.isEmpty() && ".!?)\"'”`".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0 ? 1 : 0,
            log(count(LIST, answer)),
            log(count(HEADING, answer)),
            log(count(BOLD, answer)),
            log(answer.split("```", -1).length - 1),
            log(answer.split("\n\\s*\n", -1).length - 1),
            log(count(LINK, answer)),
            log(count(EQUATION, answer)),
            log(of(answer, '"') + of(answer, '“')),
            share(answer, c -> c > 127),
            count(REFUSAL, answer) > 0 ? 1 : 0,
            log(count(HEDGE, answer)),
            log(count(REASON, answer)),
            words.stream().filter(FIRST::contains).count() / (double) n,
            words.stream().filter(SECOND::contains).count() / (double) n,
            words.stream().filter(asked::contains).count() / (double) n,
            asked.isEmpty() ? 0 : asked.stream().filter(distinct::contains).count() / (double) asked.size(),
            log(count(LOWER_I, answer))
        };
        float[] features = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            features[i] = (float) values[i];
        }
        return features;
    }

    private static double log(double count) {
        return StrictMath.log1p(count);
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(r -> r.group())
                .toList();
    }

    private static int count(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        int n = 0;
        while (matcher.find()) {
            n++;
        }
        return n;
    }

    private static double of(String text, char wanted) {
        return (double) text.chars().filter(c -> c == wanted).count();
    }

    private static double share(String text, IntPredicate wanted) {
        return text.isEmpty() ? 0 : (double) text.chars().filter(wanted).count() / text.length();
    }

    private static double shouted(String text) {
        return (double) WORD.matcher(text)
                .results()
                .map(r -> r.group())
                .filter(w -> w.length() > 3 && w.equals(w.toUpperCase(Locale.ROOT)) && Character.isLetter(w.charAt(0)))
                .count();
    }

    private static double repeats(List<String> words) {
        if (words.size() < 4) {
            return 0;
        }
        Set<String> seen = new HashSet<>();
        int repeated = 0;
        for (int i = 0; i + 3 <= words.size(); i++) {
            repeated += seen.add(words.get(i) + " " + words.get(i + 1) + " " + words.get(i + 2)) ? 0 : 1;
        }
        return (double) repeated / (words.size() - 2);
    }
}
