package io.prefstream.ingest.domain;

/** A row that can't be used: the rule it broke, the field and the reason with its cure. */
public final class RowFault extends Exception {

    private final Rule rule;
    private final String field;

    /** The reason holds no more content than {@link Excerpt} lets through. */
    public RowFault(Rule rule, String field, String reason) {
        super(reason, null, false, false);
        this.rule = rule;
        this.field = field;
    }

    public Rule rule() {
        return rule;
    }

    /** Name of the field, or empty when the whole row is meant. */
    public String field() {
        return field;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
