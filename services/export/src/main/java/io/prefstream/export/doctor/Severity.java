package io.prefstream.export.doctor;

import java.util.Locale;

/** How much a finding matters. */
public enum Severity {
    /** Training fails, or it trains on something other than what the rows say. */
    ERROR,
    /** It works for some settings or models and not for others, or rows are lost. */
    WARNING,
    /** Good to know. */
    NOTE;

    /** Its name in reports. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
