package io.prefstream.core.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When more rounds stop paying: gold accuracy has not risen within a window of rounds, or has risen by less than was asked
 * for. Stateless; any thread.
 *
 * @param gain least rise of gold accuracy in points (hundredths), 0 or more; 0 demands any rise
 * @param perDollar whether the rise is demanded of a US dollar rather than of a round
 * @param window rounds that are looked at, 1 or more
 */
public record StoppingRule(double gain, boolean perDollar, int window) {

    /** Two rounds without a rise. */
    public static final StoppingRule DEFAULT = new StoppingRule(0, false, 2);

    /**
     * What a round came to.
     *
     * @param accuracy gold accuracy of the round's best model, 0..1; negative when none was trained
     * @param usd US dollars that the round spent
     */
    public record Round(double accuracy, double usd) {}

    public StoppingRule {
        if (!(gain >= 0)) {
            throw new IllegalArgumentException("gain must be 0 or more, got " + gain);
        }
        if (window < 1) {
            throw new IllegalArgumentException("window must be 1 or more, got " + window);
        }
    }

    /** The rule of a setting such as {@code 0.3}, {@code 0.3/round} or {@code 0.3/usd}. */
    public static StoppingRule of(String gain, int window) {
        int slash = gain.indexOf('/');
        String number = slash < 0 ? gain : gain.substring(0, slash);
        return new StoppingRule(Double.parseDouble(number), gain.endsWith("/usd"), window);
    }

    /** Why rounds should end after these; empty while they should go on. */
    public Optional<String> stops(List<Round> rounds) {
        int n = rounds.size();
        if (n < window) {
            return Optional.empty();
        }
        double before = best(rounds, n - window);
        double points = 100 * (best(rounds, n) - before);
        if (!(points > 0)) {
            return Optional.of("gold accuracy has not risen in " + window + " rounds");
        }
        if (gain == 0 || before < 0) {
            return Optional.empty(); // the first round rises from nothing
        }
        double usd =
                rounds.subList(n - window, n).stream().mapToDouble(Round::usd).sum();
        double rate = perDollar ? points / usd : points / window; // what was free has paid whatever it brought
        return rate >= gain
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "gold accuracy rose by %.2f points a %s over %d rounds, below %s",
                        rate,
                        perDollar ? "dollar" : "round",
                        window,
                        gain));
    }

    private static double best(List<Round> rounds, int first) {
        return rounds.subList(0, first).stream()
                .mapToDouble(Round::accuracy)
                .max()
                .orElse(-1);
    }
}
