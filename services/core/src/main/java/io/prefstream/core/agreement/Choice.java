package io.prefstream.core.agreement;

/** The classes of a vote on a pair. */
public enum Choice {
    /** The original label is right. */
    CHOSEN(0),
    /** The other answer is better. */
    REJECTED(1),
    /** Equally good, or no decision between the two. */
    TIE(2);

    /** Number of classes. */
    public static final int CLASSES = 3;

    private final int index;

    Choice(int index) {
        this.index = index;
    }

    /** The class at a place in vectors and matrices. */
    public static Choice at(int index) {
        return switch (index) {
            case 0 -> CHOSEN;
            case 1 -> REJECTED;
            case 2 -> TIE;
            default -> throw new IllegalArgumentException("no class at " + index);
        };
    }

    /** Its place in vectors and matrices, from 0. */
    public int index() {
        return index;
    }
}
