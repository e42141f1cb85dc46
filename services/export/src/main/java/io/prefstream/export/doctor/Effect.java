package io.prefstream.export.doctor;

/**
 * What happens to a row, and what to do about it.
 *
 * @param rule stable name, such as {@code prompt-twice}
 * @param what what the trainer does, without the row's text, so that equal effects are counted together
 */
record Effect(Severity severity, String rule, String what, String cure) {

    static Effect error(String rule, String what, String cure) {
        return new Effect(Severity.ERROR, rule, what, cure);
    }

    static Effect warning(String rule, String what, String cure) {
        return new Effect(Severity.WARNING, rule, what, cure);
    }

    static Effect note(String rule, String what, String cure) {
        return new Effect(Severity.NOTE, rule, what, cure);
    }
}
