package io.prefstream.models.chat.jinja;

/**
 * A piece of a template.
 *
 * @param text a text's or literal's value, a name, or an operator's characters
 * @param line line of its first character, from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        TEXT,
        OUTPUT,
        OUTPUT_END,
        TAG,
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case OUTPUT_END -> "}}";
            case TAG_END -> "%}";
            case END -> "the end of the template";
            case STRING -> "the text '" + text + "'";
            default -> text;
        };
    }
}
