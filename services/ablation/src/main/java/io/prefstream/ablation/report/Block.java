package io.prefstream.ablation.report;

import java.util.List;

/** A part of a report. */
public sealed interface Block {

    /** A heading. */
    record Heading(String text) implements Block {}

    /** A paragraph, plain text. */
    record Text(String text) implements Block {}

    /** Points, plain text. */
    record Points(List<String> items) implements Block {}

    /** Something to type. */
    record Command(String text) implements Block {}

    /**
     * A table.
     *
     * @param caption what it shows
     * @param head names of its columns; the first one's cells stand to the left, the others' to the right
     */
    record Table(String caption, List<String> head, List<List<String>> rows) implements Block {}

    /**
     * A drawing.
     *
     * @param name file name without ending, unique in the report
     * @param caption what it shows
     */
    record Figure(String name, String caption, String svg) implements Block {}
}
