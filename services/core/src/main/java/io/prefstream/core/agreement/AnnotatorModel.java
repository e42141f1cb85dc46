package io.prefstream.core.agreement;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is known of annotators: how often each class is the truth, and what each of them says of each truth. Gives the
 * probability of each class for an item by Bayes' rule, votes taken as independent given the truth.
 *
 * @param priors probability of each class
 * @param annotators matrices by annotator and category; under category {@code ""} the annotator's matrix over all
 * @param newcomer matrix of an annotator that the model does not know
 */
public record AnnotatorModel(
        double[] priors, SortedMap<String, SortedMap<String, Confusion>> annotators, double[] newcomer) {

    /**
     * One annotator's habits.
     *
     * @param given probability of each choice under each truth, {@code given[truth * classes + choice]}
     * @param votes votes that it was learnt from
     */
    public record Confusion(double[] given, long votes) {}

    /**
     * One annotator's choice on an item.
     *
     * @param choice class, from 0
     */
    public record Ballot(String annotator, int choice) {}

    /** Category under which an annotator's matrix over all categories stands. */
    public static final String OVERALL = "";

    /** Probability from which the likeliest class is taken as decided. */
    public static final double DECIDED = 0.6;

    /** A model that has seen nothing: all classes alike, and newcomers as {@code smoothing} has them. */
    public static AnnotatorModel unknown(int classes, Smoothing smoothing) {
        double[] priors = new double[classes];
        Arrays.fill(priors, 1.0 / classes);
        return new AnnotatorModel(priors, new TreeMap<>(), smoothing.matrix(classes));
    }

    /** Probability of each class for an item with these ballots; of none, the priors. */
    public double[] posterior(Collection<Ballot> ballots, String category) {
        int classes = priors.length;
        double[] log = new double[classes];
        for (int c = 0; c < classes; c++) {
            log[c] = StrictMath.log(priors[c]);
        }
        ballots.stream()
                .sorted(Comparator.comparing(Ballot::annotator).thenComparingInt(Ballot::choice))
                .forEach(ballot -> {
                    double[] given = given(ballot.annotator, category);
                    for (int c = 0; c < classes; c++) {
                        log[c] += StrictMath.log(given[c * classes + ballot.choice]);
                    }
                });
        normalise(log);
        return log;
    }

    private double[] given(String annotator, String category) {
        Map<String, Confusion> of = annotators.get(annotator);
        if (of == null) {
            return newcomer;
        }
        Confusion here = of.get(category);
        Confusion found = here == null ? of.get(OVERALL) : here;
        return found == null ? newcomer : found.given;
    }

    /** The overall matrices as settings, under names that start so; {@link #told} reads them. */
    public Map<String, String> tell(String prefix) {
        Map<String, String> told = new TreeMap<>();
        annotators.forEach((annotator, of) -> {
            Confusion overall = of.get(OVERALL);
            if (overall != null) {
                told.put(prefix + annotator, join(overall.given));
            }
        });
        return told;
    }

    private static String join(double[] numbers) {
        return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    /** The model that was told with {@link #tell}; of annotators that it lacks it thinks as of newcomers. */
    public static AnnotatorModel told(Map<String, String> settings, String prefix, int classes) {
        SortedMap<String, SortedMap<String, Confusion>> annotators = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                double[] given = Arrays.stream(value.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                annotators.put(
                        name.substring(prefix.length()), new TreeMap<>(Map.of(OVERALL, new Confusion(given, 0))));
            }
        });
        AnnotatorModel unknown = unknown(classes, Smoothing.DEFAULT);
        return new AnnotatorModel(unknown.priors, annotators, unknown.newcomer);
    }

    /** Turns logarithms of likelihoods into probabilities, in place. */
    static void normalise(double[] log) {
        double most = Double.NEGATIVE_INFINITY;
        for (double l : log) {
            most = Math.max(most, l);
        }
        double sum = 0;
        for (int c = 0; c < log.length; c++) {
            log[c] = StrictMath.exp(log[c] - most);
            sum += log[c];
        }
        for (int c = 0; c < log.length; c++) {
            log[c] /= sum;
        }
    }
}
