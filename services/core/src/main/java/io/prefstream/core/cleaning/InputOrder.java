package io.prefstream.core.cleaning;

import java.util.HexFormat;

/** The order in which of two pairs that are much alike one is the earlier: by batch, position and pair id. */
public final class InputOrder {

    private static final int TIE_DIGITS = 12;

    private InputOrder() {}

    /**
     * A pair's place as plain ASCII that sorts alike as text and as bytes.
     *
     * @param ordinal position in the batch, from 0
     */
    public static String place(String batch, long ordinal, String pairId) {
        StringBuilder place = new StringBuilder();
        for (int i = 0; i < batch.length(); i++) {
            char c = batch.charAt(i);
            if (c > ' ' && c < '~') {
                place.append(c);
            } else {
                place.append('~').append(HexFormat.of().toHexDigits(c));
            }
        }
        return place.append(' ')
                .append(HexFormat.of().toHexDigits(ordinal))
                .append(pairId, 0, Math.min(TIE_DIGITS, pairId.length()))
                .toString();
    }
}
