package io.prefstream.core.agreement;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A coefficient of agreement: 1 is full agreement, 0 what chance alone would give, below 0 less than that.
 *
 * @param value the coefficient, at most 1; null when it is undefined
 * @param items items that it is computed from, 0 or more
 * @param undefined why there is no value, in words; null when there is one
 */
public record Coefficient(
        @Nullable Double value, long items, @Nullable String undefined) {

    /** Checks that there is either a value or a reason. */
    public Coefficient {
        if ((value == null) == (undefined == null) || (value != null && !Double.isFinite(value))) {
            throw new IllegalArgumentException("a coefficient has a finite value or the reason why it has none");
        }
    }

    static Coefficient of(double value, long items) {
        return new Coefficient(value, items, null);
    }

    static Coefficient undefined(String why, long items) {
        return new Coefficient(null, items, why);
    }

    /** The value with three decimals, or {@code undefined} with the reason. */
    @Override
    public String toString() {
        return value == null ? "undefined: " + undefined : String.format(Locale.ROOT, "%.3f", value);
    }
}
