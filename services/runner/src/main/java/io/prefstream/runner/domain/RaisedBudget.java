package io.prefstream.runner.domain;

import java.util.Map;

/** The one setting that a folder's later runs may change: there may be more money. */
public final class RaisedBudget {

    /** Name of the setting. */
    public static final String NAME = "budget.usd";

    private RaisedBudget() {}

    /** Whether a run with these settings has more money than one with those before. */
    public static boolean is(Map<String, String> before, Map<String, String> now) {
        String old = before.get(NAME);
        String raised = now.get(NAME);
        return old != null && raised != null && Double.parseDouble(raised) > Double.parseDouble(old);
    }
}
