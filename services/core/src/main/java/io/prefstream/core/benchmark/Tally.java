package io.prefstream.core.benchmark;

import io.prefstream.core.stats.Wilson;
import java.util.Collection;

/**
 * Credit of several items: an item counts 1 when right, 0 when wrong, a share of 1 where its benchmark gives shares.
 *
 * @param credit sum of what the items earned, 0 to {@code items}
 * @param items number of items
 */
public record Tally(double credit, long items) {

    /** Level of the intervals that are printed, two-sided. */
    public static final double LEVEL = 0.95;

    /** The tally of these credits; one that is NaN belongs to an item that its benchmark leaves out. */
    public static Tally of(Collection<Double> credits) {
        double sum = 0;
        long items = 0;
        for (double credit : credits) {
            if (!Double.isNaN(credit)) {
                sum += credit;
                items++;
            }
        }
        return new Tally(sum, items);
    }

    /** Mean credit, 0 to 1; NaN without items. */
    public double value() {
        return credit / items;
    }

    /** Lower end of Wilson's interval at {@link #LEVEL}. Items that earn shares spread less than it allows for. */
    public double lower() {
        return Wilson.lower(Math.min(credit, (double) items), items, LEVEL);
    }

    /** Upper end of Wilson's interval at {@link #LEVEL}. */
    public double upper() {
        return Wilson.upper(Math.min(credit, (double) items), items, LEVEL);
    }
}
