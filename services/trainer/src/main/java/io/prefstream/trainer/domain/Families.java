package io.prefstream.trainer.domain;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.CrossFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Trains families of heads: one for each set of folds left out, and one on all. Heads of a family train side by side. */
public final class Families {

    /** Penalty of heads that train on curated or silver labels, which are mostly right. */
    public static final double CURATED_L2 = 0.3;

    /** Penalty of heads that train on few human labels. */
    public static final double GOLD_L2 = 2;

    /**
     * One head.
     *
     * @param fold fold left out; -1 when none
     * @param otherFold second fold left out; -1 when none
     */
    public record Member(int fold, int otherFold, BradleyTerryHead head) {}

    /**
     * What a family trains on.
     *
     * @param featuresHash hash of the feature set
     * @param scales scales of the columns
     * @param diffs scaled differences, one a row
     * @param folds fold of each row
     * @param targets gives, for the fold left out (-1 for none), the probability that the chosen answer is better
     * @param l2 strength of the penalty
     */
    public record Data(
            String featuresHash,
            Standardizer scales,
            float[][] diffs,
            int[] folds,
            IntFunction<double[]> targets,
            double l2) {

        /** The same with another penalty. */
        public Data withL2(double other) {
            return new Data(featuresHash, scales, diffs, folds, targets, other);
        }
    }

    private Families() {}

    /** Heads that leave out each fold, then one on all. */
    public static List<Member> singles(Data data, int folds) {
        return singles(data, folds, Penalties.fixed(data.l2(), folds));
    }

    /**
     * The same with a penalty for each.
     *
     * @param l2 penalties of the heads that leave out each fold, then of that on all
     */
    public static List<Member> singles(Data data, int folds, double[] l2) {
        return train(
                data,
                IntStream.rangeClosed(0, folds)
                        .mapToObj(f -> new int[] {f == folds ? -1 : f, -1})
                        .toList(),
                l2);
    }

    /** Heads that leave out each pair of folds. */
    public static List<Member> pairs(Data data, int folds) {
        return train(
                data,
                new CrossFit(folds)
                        .pairs().stream()
                                .map(e -> new int[] {e.first(), e.second()})
                                .toList(),
                null);
    }

    private static List<Member> train(Data data, List<int[]> leftOut, double @Nullable [] l2) {
        Member[] members = new Member[leftOut.size()];
        IntStream.range(0, members.length).parallel().forEach(i -> {
            int first = leftOut.get(i)[0];
            int second = leftOut.get(i)[1];
            double[] weights = new double[data.diffs().length];
            for (int row = 0; row < weights.length; row++) {
                int fold = data.folds()[row];
                weights[row] = fold == first || fold == second ? 0 : 1;
            }
            members[i] = new Member(
                    first,
                    second,
                    BradleyTerryHead.fit(
                            data.featuresHash(),
                            data.scales(),
                            data.diffs(),
                            data.targets().apply(first),
                            weights,
                            l2 == null ? data.l2() : l2[i]));
        });
        return new ArrayList<>(Arrays.asList(members));
    }
}
