package io.prefstream.core.agreement;

/**
 * What is taken as known of an annotator before the first vote, as votes that were never given.
 *
 * @param right votes that agree with the truth, under each truth; above 0
 * @param wrong votes for each other class, under each truth; above 0
 */
public record Smoothing(double right, double wrong) {

    /** Right four times out of five among three classes, weighed as five votes a truth. */
    public static final Smoothing DEFAULT = new Smoothing(4, 0.5);

    /** Checks that both are above 0. */
    public Smoothing {
        if (!(right > 0 && wrong > 0)) {
            throw new IllegalArgumentException("smoothing takes votes above 0, not " + right + " and " + wrong);
        }
    }

    double of(int truth, int choice) {
        return truth == choice ? right : wrong;
    }

    double all(int classes) {
        return right + (classes - 1) * wrong;
    }

    /** Probability of each choice under each truth by this alone, {@code [truth * classes + choice]}. */
    double[] matrix(int classes) {
        double[] matrix = new double[classes * classes];
        for (int truth = 0; truth < classes; truth++) {
            for (int choice = 0; choice < classes; choice++) {
                matrix[truth * classes + choice] = of(truth, choice) / all(classes);
            }
        }
        return matrix;
    }
}
