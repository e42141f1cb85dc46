package io.prefstream.core.language;

import java.util.Locale;

/**
 * Whether a text is language enough for a reward model's score of it to mean something. Reward models give high scores to
 * texts that no one wrote: tokens in random order, loops, template marks, characters that no one sees. It refuses those, and
 * lets through prose in any language, code, formulas, tables, lists, JSON and emoji.
 *
 * <p>It knows nothing of what a text says: fluent nonsense passes. The limits stand well beyond what real answers reach; see
 * topology-docs/serve.md for what they were measured on. Stateless; any thread.
 */
public final class LanguageGate {

    /** Chars that are read of a text; reward models cut theirs at about as many. */
    public static final int MAX_CHARS = 1 << 16;

    private static final int SHORT = 400;
    private static final int LEAST_TO_REPEAT = 64;
    private static final double REPEATED = 0.95;
    private static final double REPEATED_IN_SHORT = 0.85;
    private static final int HIDDEN = 3;
    private static final double HIDDEN_SHARE = 0.02;
    private static final double UNBROKEN = 0.5;
    private static final int SCRIPTS = 4;
    private static final double SCRIPT_CHANGES = 0.5;
    private static final int MIXED_WORDS = 3;
    private static final double MIXED_SHARE = 0.02;
    private static final int NOISY_WORDS = 4;
    private static final double NOISY_SHARE = 0.3;
    private static final int CAPITALS = 8;
    private static final double CAPITALS_SHARE = 0.15;
    private static final int JOINTS = 4;
    private static final int LEAST_WORDS = 8;
    private static final int WORDS_A_JOINT = 4;

    private LanguageGate() {}

    /** What a text is found to be, and what the figure of a verdict counts. */
    public enum Reason {
        /** Nothing speaks against it; the figure is 0. */
        LANGUAGE("nothing speaks against it"),
        /** Nothing in it shows. */
        EMPTY("it holds nothing that shows"),
        /** Marks of chat templates in it, which a tokenizer may take for the end of the turn; their number. */
        SPECIAL_TOKENS("it holds marks of a chat template"),
        /** Characters that no one sees or that are not assigned; their number. */
        HIDDEN_CHARACTERS("it holds characters that do not show"),
        /** It repeats itself; share of runs of eight characters that have stood before, 0..1. */
        REPETITION("it repeats itself"),
        /** Encoded data, or words without end; share of the text in them, 0..1. */
        UNBROKEN("it is mostly one unbroken run of letters and digits"),
        /** Scripts that change in the middle of a sentence; changes per word, or words that mix letters that look alike. */
        MIXED_SCRIPTS("it changes script in the middle of words or sentences"),
        /** Words that no language could speak: share of long words with five consonants in a row, or of capitals within words. */
        LETTER_NOISE("its words are random letters"),
        /** Words without grammar; how many of 32 in a row, or of all if there are fewer, are joined to others. */
        WORD_SALAD("its words are in no order");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** Stable name, such as {@code word-salad}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What the gate says of a text.
     *
     * @param reason the first that holds, in the order of {@link Reason}
     * @param figure what was measured, as the reason says
     */
    public record Verdict(Reason reason, double figure) {

        /** Whether a score of the text may be trusted. */
        public boolean trusted() {
            return reason == Reason.LANGUAGE;
        }

        /** Reason and figure for a person, such as {@code word-salad (3): its words are in no order}. */
        public String why() {
            String number = figure == Math.rint(figure)
                    ? String.valueOf((long) figure)
                    : String.format(Locale.ROOT, "%.2f", figure);
            return reason.id() + " (" + number + "): " + reason.text;
        }
    }

    /** Judges an answer as its author sent it; a special token at its end, which a tokenizer's decoder leaves there, is none. */
    public static Verdict of(String answer) {
        String text = SpecialTokens.withoutEnd(answer.length() > MAX_CHARS ? head(answer) : answer);
        int tokens = SpecialTokens.in(text);
        Figures figures = Figures.of(text);
        if (figures.visible == 0) {
            return new Verdict(Reason.EMPTY, 0);
        }
        if (tokens > 0) {
            return new Verdict(Reason.SPECIAL_TOKENS, tokens);
        }
        return of(text.length(), figures);
    }

    /**
     * Judges a whole conversation on which a chat template was laid: the answer is what follows the last header that a known
     * template sets before an answer, so that marks of the template itself count for nothing.
     */
    public static Verdict ofTemplated(String conversation) {
        return of(SpecialTokens.answerOf(conversation));
    }

    /**
     * Judges the answer at the end of a templated conversation whose beginning is known.
     *
     * @param prompt the conversation up to the answer; where the conversation doesn't begin so, as {@link #ofTemplated(String)}
     */
    public static Verdict ofTemplated(String conversation, String prompt) {
        return !prompt.isEmpty() && conversation.startsWith(prompt)
                ? of(conversation.substring(prompt.length()))
                : ofTemplated(conversation);
    }

    private static Verdict of(int length, Figures f) {
        if (f.smuggled > 0 || (f.hidden >= HIDDEN && f.hidden > HIDDEN_SHARE * f.visible)) {
            return new Verdict(Reason.HIDDEN_CHARACTERS, f.hidden);
        }
        if (length >= LEAST_TO_REPEAT && f.repeated >= (length < SHORT ? REPEATED_IN_SHORT : REPEATED)) {
            return new Verdict(Reason.REPETITION, f.repeated);
        }
        if (f.unbroken > UNBROKEN) {
            return new Verdict(Reason.UNBROKEN, f.unbroken);
        }
        if (f.scripts >= SCRIPTS && f.scriptChanges > SCRIPT_CHANGES) {
            return new Verdict(Reason.MIXED_SCRIPTS, f.scriptChanges);
        }
        if (f.mixedWords >= MIXED_WORDS && f.mixedWords > MIXED_SHARE * f.words) {
            return new Verdict(Reason.MIXED_SCRIPTS, f.mixedWords);
        }
        if (f.noisyWords >= NOISY_WORDS && f.noisyWords > NOISY_SHARE * f.longWords) {
            return new Verdict(Reason.LETTER_NOISE, (double) f.noisyWords / f.longWords);
        }
        if (f.capitalsWithin >= CAPITALS && f.capitalsWithin > CAPITALS_SHARE * f.letterPairs) {
            return new Verdict(Reason.LETTER_NOISE, (double) f.capitalsWithin / f.letterPairs);
        }
        int most = f.alphabeticWords >= Figures.WINDOW ? JOINTS : f.alphabeticWords / WORDS_A_JOINT - 1;
        if (f.alphabeticWords >= LEAST_WORDS && f.fewestJoints <= most) {
            return new Verdict(Reason.WORD_SALAD, f.fewestJoints);
        }
        return new Verdict(Reason.LANGUAGE, 0);
    }

    private static String head(String text) {
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
        return text.substring(0, end);
    }
}
