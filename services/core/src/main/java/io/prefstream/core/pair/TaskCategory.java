package io.prefstream.core.pair;

import java.util.Arrays;
import java.util.Optional;

/** The twelve kinds of task. Whatever gives another text than the one handed in (a translation, a summary, a label) is Others. */
public enum TaskCategory {
    INFORMATION_SEEKING("Information seeking"),
    REASONING("Reasoning"),
    PLANNING("Planning"),
    EDITING("Editing"),
    CODING("Coding & Debugging"),
    MATH("Math"),
    ROLE_PLAYING("Role playing"),
    DATA_ANALYSIS("Data analysis"),
    CREATIVE_WRITING("Creative writing"),
    ADVICE_SEEKING("Advice seeking"),
    BRAINSTORMING("Brainstorming"),
    OTHERS("Others");

    private final String label;

    TaskCategory(String label) {
        this.label = label;
    }

    /** Name on topics. */
    public String label() {
        return label;
    }

    /** The category of this name, whatever its case; empty when there is none. */
    public static Optional<TaskCategory> of(String label) {
        return Arrays.stream(values())
                .filter(category -> category.label.equalsIgnoreCase(label.strip()))
                .findFirst();
    }
}
