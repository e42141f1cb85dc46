package io.prefstream.core.agreement;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Dawid and Skene's model by expectation maximisation: the truth of every item and every annotator's confusion matrix
 * together, from nothing but votes. Starts from the shares of the votes. Sums go in the order of {@link Votes}, so the same
 * votes give the same bits. Stateless; any thread.
 *
 * <p>{@link Options#PLAIN} computes what crowd-kit 1.4 does, down to its stopping rule and the floor under counts.
 *
 * @see <a href="https://doi.org/10.2307/2346806">Dawid and Skene, Maximum Likelihood Estimation of Observer Error-Rates</a>
 */
public final class DawidSkene {

    private static final double FLOOR = 1e-10;

    private DawidSkene() {}

    /**
     * How to fit.
     *
     * @param iterations most iterations, 1 or more
     * @param tolerance stops when the lower bound of the log-likelihood, a vote, rises by less
     * @param smoothing votes that each annotator is lent; null for none
     * @param backoff how many votes an annotator's overall matrix weighs in that of a category; 0 keeps to overall matrices
     */
    public record Options(
            int iterations, double tolerance, @Nullable Smoothing smoothing, double backoff) {

        /** Plain maximum likelihood without categories. */
        public static final Options PLAIN = new Options(100, 1e-5, null, 0);

        /** Newcomers taken as right four times out of five, and categories that count from about ten votes. */
        public static final Options SMOOTHED = new Options(100, 1e-5, Smoothing.DEFAULT, 10);

        /** Categories need smoothing, or a matrix could have an empty row. */
        public Options {
            if (backoff > 0 && smoothing == null) {
                throw new IllegalArgumentException("matrices of categories need smoothing");
            }
        }
    }

    /**
     * What was found.
     *
     * @param items ids of the items, sorted
     * @param posteriors probability of each class, a row an item
     * @param model class priors and confusion matrices
     * @param iterations iterations taken
     */
    public record Result(List<String> items, double[][] posteriors, AnnotatorModel model, int iterations) {}

    /** Fits on votes alone. */
    public static Result fit(Votes votes, Options options) {
        return fit(votes, options, Map.of());
    }

    /**
     * Fits with the truth of some items held fixed.
     *
     * @param known probability of each class of items whose truth others have settled
     */
    public static Result fit(Votes votes, Options options, Map<String, double[]> known) {
        return new Fit(votes, options, known).run();
    }

    private static final class Fit {
        private final Votes votes;
        private final Options options;
        private final int classes;
        private final int cells; // annotators times categories
        private final int categories;
        private final List<double[]> known; // empty where the truth is open
        private final double[][] posteriors;
        private final boolean[][] used;
        private double[] priors;
        private double[][] overall; // [annotator][truth * classes + choice]
        private double[][] local; // [annotator * categories + category][...]

        Fit(Votes votes, Options options, Map<String, double[]> anchors) {
            this.votes = votes;
            this.options = options;
            classes = votes.classes();
            categories = options.backoff() > 0 ? votes.categories().size() : 1;
            cells = votes.annotators().size() * categories;
            known = votes.items().stream()
                    .map(id -> anchors.getOrDefault(id, new double[0]))
                    .toList();
            posteriors = votes.shares();
            used = new boolean[votes.annotators().size()][classes];
            for (int v = 0; v < votes.size(); v++) {
                used[votes.annotator[v]][votes.choice[v]] = true;
            }
            priors = new double[classes];
            overall = new double[0][];
            local = new double[0][];
            hold();
        }

        Result run() {
            maximise();
            double bound = Double.NEGATIVE_INFINITY;
            int iteration = 0;
            while (iteration < options.iterations() && votes.size() > 0) {
                iteration++;
                expect();
                hold();
                maximise();
                double now = bound();
                if (now - bound < options.tolerance()) {
                    break;
                }
                bound = now;
            }
            return new Result(votes.items(), posteriors, model(), iteration);
        }

        private void hold() {
            for (int i = 0; i < posteriors.length; i++) {
                if (known.get(i).length > 0) {
                    posteriors[i] = known.get(i).clone();
                }
            }
        }

        private int cell(int vote) {
            return votes.annotator[vote] * categories + (categories == 1 ? 0 : votes.category[votes.item[vote]]);
        }

        private void expect() {
            double[] log = new double[classes];
            for (int c = 0; c < classes; c++) {
                log[c] = StrictMath.log(Math.max(priors[c], FLOOR));
            }
            for (double[] row : posteriors) {
                System.arraycopy(log, 0, row, 0, classes);
            }
            double[][] logs = new double[cells][];
            for (int v = 0; v < votes.size(); v++) {
                int cell = cell(v);
                if (logs[cell] == null) {
                    logs[cell] = Arrays.stream(local[cell]).map(StrictMath::log).toArray();
                }
                double[] row = posteriors[votes.item[v]];
                for (int c = 0; c < classes; c++) {
                    row[c] += logs[cell][c * classes + votes.choice[v]];
                }
            }
            for (double[] row : posteriors) {
                AnnotatorModel.normalise(row);
            }
        }

        private void maximise() {
            Smoothing smoothing = options.smoothing();
            priors = new double[classes];
            for (double[] row : posteriors) {
                for (int c = 0; c < classes; c++) {
                    priors[c] += row[c];
                }
            }
            double lent = smoothing == null ? 0 : 1;
            for (int c = 0; c < classes; c++) {
                priors[c] = (priors[c] + lent) / (posteriors.length + classes * lent);
            }
            overall = new double[votes.annotators().size()][classes * classes];
            double[][] counts = new double[cells][classes * classes];
            for (int v = 0; v < votes.size(); v++) {
                double[] row = posteriors[votes.item[v]];
                for (int c = 0; c < classes; c++) {
                    int at = c * classes + votes.choice[v];
                    overall[votes.annotator[v]][at] += row[c];
                    counts[cell(v)][at] += row[c];
                }
            }
            for (int a = 0; a < overall.length; a++) {
                for (int truth = 0; truth < classes; truth++) {
                    share(overall[a], truth, used[a], smoothing);
                }
            }
            local = categories == 1 ? overall : counts;
            for (int cell = 0; categories > 1 && cell < cells; cell++) {
                for (int truth = 0; truth < classes; truth++) {
                    blend(counts[cell], overall[cell / categories], truth);
                }
            }
        }

        private void share(double[] counts, int truth, boolean[] usedChoices, @Nullable Smoothing smoothing) {
            double sum = 0;
            for (int choice = 0; choice < classes; choice++) {
                int at = truth * classes + choice;
                if (smoothing != null) {
                    counts[at] += smoothing.of(truth, choice);
                } else if (usedChoices[choice]) {
                    counts[at] = Math.max(counts[at], FLOOR);
                }
                sum += counts[at];
            }
            for (int choice = 0; choice < classes; choice++) {
                counts[truth * classes + choice] /= sum;
            }
        }

        /** An annotator's matrix in a category, its overall one lent as so many votes. */
        private void blend(double[] counts, double[] whole, int truth) {
            double sum = options.backoff();
            for (int choice = 0; choice < classes; choice++) {
                sum += counts[truth * classes + choice];
            }
            for (int choice = 0; choice < classes; choice++) {
                int at = truth * classes + choice;
                counts[at] = (counts[at] + options.backoff() * whole[at]) / sum;
            }
        }

        /** Lower bound of the log-likelihood, a vote; as in crowd-kit, an item's class prior counts once a vote. */
        private double bound() {
            double bound = 0;
            for (int v = 0; v < votes.size(); v++) {
                double[] row = posteriors[votes.item[v]];
                for (int c = 0; c < classes; c++) {
                    double given = local[cell(v)][c * classes + votes.choice[v]];
                    bound += row[c] * (StrictMath.log(given) + StrictMath.log(Math.max(priors[c], FLOOR)));
                }
            }
            for (double[] row : posteriors) {
                for (int c = 0; c < classes; c++) {
                    double p = Math.max(row[c], FLOOR);
                    bound -= p * StrictMath.log(p);
                }
            }
            return bound / votes.size();
        }

        private AnnotatorModel model() {
            long[] ofAnnotator = new long[overall.length];
            long[] ofCell = new long[cells];
            for (int v = 0; v < votes.size(); v++) {
                ofAnnotator[votes.annotator[v]]++;
                ofCell[cell(v)]++;
            }
            SortedMap<String, SortedMap<String, AnnotatorModel.Confusion>> annotators = new TreeMap<>();
            for (int a = 0; a < overall.length; a++) {
                SortedMap<String, AnnotatorModel.Confusion> of = new TreeMap<>();
                of.put(AnnotatorModel.OVERALL, new AnnotatorModel.Confusion(overall[a], ofAnnotator[a]));
                for (int category = 0; categories > 1 && category < categories; category++) {
                    int cell = a * categories + category;
                    String name = votes.categories().get(category);
                    if (ofCell[cell] > 0 && !name.equals(AnnotatorModel.OVERALL)) {
                        of.put(name, new AnnotatorModel.Confusion(local[cell], ofCell[cell]));
                    }
                }
                annotators.put(votes.annotators().get(a), of);
            }
            Smoothing newcomer = options.smoothing() == null ? Smoothing.DEFAULT : options.smoothing();
            return new AnnotatorModel(priors, annotators, newcomer.matrix(classes));
        }
    }
}
