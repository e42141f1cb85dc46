package io.prefstream.core.plan;

import java.util.List;

/**
 * What calls of language models may still take: money and a number of calls. Money is counted in whole nano-dollars, quotes
 * rounded up and caps down, so that a sum depends on no order and never passes its cap by rounding. Immutable; any thread.
 *
 * @param budget most US dollars for everything, infinite without a budget
 * @param reserve US dollars of the budget that calls may never touch, kept for people
 * @param people nano-dollars that people's labels have cost
 * @param spent nano-dollars that calls have cost
 * @param maxCalls most calls of a run
 * @param calls calls that the run has asked for
 */
public record Allowance(double budget, double reserve, long people, long spent, long maxCalls, long calls) {

    private static final double NANO = 1e9;

    /**
     * The most that a request can cost.
     *
     * @param usd US dollars at its worst, 0 or more
     * @param calls calls that it takes
     */
    public record Quote(double usd, long calls) {}

    /** Nano-dollars of an amount, rounded to the nearest. */
    public static long nanos(double usd) {
        return Math.round(usd * NANO);
    }

    /** US dollars of so many nano-dollars. */
    public static double usd(long nanos) {
        return nanos / NANO;
    }

    /** US dollars that calls may take in all: the budget less the reserve, or less what people have cost where that is more. */
    public double cap() {
        return Math.max(0, budget - Math.max(reserve, usd(people)));
    }

    /**
     * How many of the requests are admitted, from the first on, each at its worst price, until one doesn't fit: what is
     * admitted depends on no later request.
     *
     * @param share share of money and calls that may be used, 0..1
     */
    public int admits(List<Quote> inOrder, double share) {
        long money = spent;
        long asked = calls;
        int admitted = 0;
        for (Quote quote : inOrder) {
            money += (long) Math.ceil(quote.usd * NANO);
            asked += quote.calls;
            if (money > cap(share) || asked > share * maxCalls) {
                break;
            }
            admitted++;
        }
        return admitted;
    }

    private long cap(double share) {
        return (long) Math.floor(cap() * share * NANO);
    }
}
