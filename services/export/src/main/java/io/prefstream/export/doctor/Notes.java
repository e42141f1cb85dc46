package io.prefstream.export.doctor;

/** Takes what is found in a row. */
@FunctionalInterface
interface Notes {
    /**
     * Notes an effect.
     *
     * @param field column, with a message's number where one is meant; empty for the whole row
     */
    void add(Effect effect, String field);
}
