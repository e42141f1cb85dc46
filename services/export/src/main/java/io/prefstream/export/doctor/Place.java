package io.prefstream.export.doctor;

/**
 * Where something was found.
 *
 * @param line of a text, row of an array or a table; 0 for the whole file
 * @param field empty for the whole row
 * @param detail what is special about this place; empty when nothing is
 */
public record Place(String file, long line, String field, String detail) {

    @Override
    public String toString() {
        return file
                + (line == 0 ? "" : ":" + line)
                + (field.isEmpty() ? "" : " " + field)
                + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
}
