package io.prefstream.core.select;

/**
 * Pairs of one kind.
 *
 * @param category task category, such as {@code Math}
 * @param objectivity in lower case, such as {@code objective}
 * @param controversiality in lower case, such as {@code low}
 */
public record Stratum(String category, String objectivity, String controversiality) {

    /** Of pairs whose attributes are not known. */
    public static final Stratum UNKNOWN = new Stratum("unknown", "unknown", "unknown");

    @Override
    public String toString() {
        return category + "/" + objectivity + "/" + controversiality;
    }
}
