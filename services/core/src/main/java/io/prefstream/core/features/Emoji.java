package io.prefstream.core.features;

/** Counts emoji, which no column of the recorded features tells apart from other scripts. Stateless; any thread. */
public final class Emoji {

    private static final int JOINER = 0x200D;
    private static final int SHOWN_AS_EMOJI = 0xFE0F;

    private Emoji() {}

    /**
     * Emoji that a reader sees: skin tones and what is joined count with their base, a flag's two letters as one, and a sign that
     * is text by default only where it asks to be shown as emoji.
     */
    public static int count(String text) {
        int count = 0;
        boolean joined = false;
        boolean halfFlag = false;
        for (int i = 0; i < text.length(); ) {
            int code = text.codePointAt(i);
            i += Character.charCount(code);
            boolean flag = code >= 0x1F1E6 && code <= 0x1F1FF;
            boolean asked =
                    i < text.length() && text.charAt(i) == SHOWN_AS_EMOJI && Character.isExtendedPictographic(code);
            boolean seen = (Character.isEmojiPresentation(code) && !Character.isEmojiModifier(code)) || asked;
            if (seen && !joined && !halfFlag) {
                count++;
            }
            halfFlag = flag && !halfFlag;
            joined = code == JOINER;
        }
        return count;
    }
}
