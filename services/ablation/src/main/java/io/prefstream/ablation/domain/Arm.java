package io.prefstream.ablation.domain;

/** What a reward model is trained on. */
public enum Arm {
    /** Every pair with the label that it came with. */
    ORIGINAL("original", "every pair, as it came"),
    /** The same with what people said of some: what their work is worth by itself. */
    LABELLED("original + human labels", "every pair, as it came or, where people judged it, as they say"),
    /** What was kept. */
    FILTERED("filtered", "pairs whose label was kept"),
    /** What was kept, and what was flipped, with the label turned round. */
    CORRECTED("filtered + corrected", "kept pairs, and flipped ones with their label turned round"),
    /** As many pairs, drawn from the same pool, as they came. */
    RANDOM(
            "random control",
            "as many pairs as filtered + corrected, drawn from the same pool, as they came or as people say"),
    /** The same, matched in topic, length and margin. */
    MATCHED(
            "matched control",
            "the same, re-balanced to the topics, answer lengths and margins of filtered + corrected"),
    /** The same, matched in the share of wrong labels as well. */
    MATCHED_NOISE("matched control, noise too", "the same, re-balanced to its share of wrong labels as well"),
    /** What people verified. */
    GOLD("human labels alone", "pairs that people verified, with their verdict"),
    /** Every pair with the right label. */
    CLEAN("all labels right", "every pair with the label known to be right: the most that labels can give");

    private final String words;
    private final String meaning;

    Arm(String words, String meaning) {
        this.words = words;
        this.meaning = meaning;
    }

    /** Its name in a report. */
    public String words() {
        return words;
    }

    /** What it is. */
    public String meaning() {
        return meaning;
    }
}
