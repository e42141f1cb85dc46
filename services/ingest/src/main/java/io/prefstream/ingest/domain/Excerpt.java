package io.prefstream.ingest.domain;

/** The only way content gets into a message: on one line, escaped, cut. */
public final class Excerpt {

    /** Characters of an excerpt, quotes and escapes included. */
    public static final int MAX_CHARS = 120;

    private Excerpt() {}

    /** The value in double quotes, with quotes, controls and all but printable ASCII escaped. */
    public static String of(Object value) {
        String text = String.valueOf(value);
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String piece = switch (c) {
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                case '"' -> "\\\"";
                case '\\' -> "\\\\";
                default -> c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\u%04x", (int) c);
            };
            if (out.length() + piece.length() > MAX_CHARS - 4) {
                return out.append("...\"").toString();
            }
            out.append(piece);
        }
        return out.append('"').toString();
    }
}
