package io.prefstream.core.pair;

/** Sizes of attributes that a language model sets, so that a question that shows them has a price before they are known. */
public final class AttributeLimits {

    /** Most characters of the desired attributes. */
    public static final int DESIRED = 200;

    /** Most characters of the guideline. */
    public static final int GUIDELINE = 600;

    /** Most bytes of UTF-8 that all five attributes have. */
    public static final int BYTES = 3 * (DESIRED + GUIDELINE) + 64;

    private AttributeLimits() {}
}
