package io.prefstream.models.reward;

/** A text that a model cannot score, such as one that is too long for it. The message says what is wrong and what to do. */
public final class UnscorableText extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int place;

    /**
     * A text that cannot be scored.
     *
     * @param place its place among those that were sent, from 0
     */
    public UnscorableText(int place, String message) {
        super(message);
        this.place = place;
    }

    /** Place of the text among those that were sent, from 0. */
    public int place() {
        return place;
    }
}
