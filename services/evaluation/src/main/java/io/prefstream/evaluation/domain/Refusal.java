package io.prefstream.evaluation.domain;

import io.prefstream.ingest.domain.RowFault;

/**
 * A row that could not be used.
 *
 * @param file name of its file
 * @param line number of the line or row, from 1
 * @param field the field at fault; empty when the whole row is
 * @param reason what is wrong, and the cure
 */
public record Refusal(String file, long line, String field, String reason) {

    /** The refusal of a row for a fault. */
    public static Refusal of(String file, long line, RowFault fault) {
        return new Refusal(file, line, fault.field(), fault.reason());
    }

    /** One line that says it all. */
    public String message() {
        return file + ", line " + line + (field.isEmpty() ? ": " : ", field " + field + ": ") + reason;
    }
}
