package io.prefstream.trainer.domain;

import io.prefstream.core.reward.GoldPenalty;
import java.util.Arrays;
import java.util.List;

/** Chooses penalties on gold: one for each member of a family, of the folds that this member leaves out no label. Stateless. */
public final class Penalties {

    /**
     * Gold pairs to choose by, a place a pair.
     *
     * @param diffs scaled differences
     * @param right whether the original label is right
     * @param folds fold of each
     */
    public record Labels(float[][] diffs, boolean[] right, int[] folds) {}

    private Penalties() {}

    /** The same penalty for all members. */
    public static double[] fixed(double l2, int folds) {
        double[] all = new double[folds + 1];
        Arrays.fill(all, l2);
        return all;
    }

    /**
     * Penalties of heads that train on gold itself: for the head that leaves out fold f, by labels of each other fold g under the
     * head that leaves out f and g.
     *
     * @param data the gold; its penalty is the standard one
     * @return one for each fold left out, then that of the head on all
     */
    public static double[] ofGold(Families.Data data, boolean[] right, int folds) {
        double[][][] margins = new double[folds + 1][GoldPenalty.GRID.size()][right.length];
        for (int g = 0; g < GoldPenalty.GRID.size(); g++) {
            Families.Data tried = data.withL2(GoldPenalty.GRID.get(g));
            List<Families.Member> singles = Families.singles(tried, folds);
            List<Families.Member> pairs = Families.pairs(tried, folds);
            for (int i = 0; i < right.length; i++) {
                int own = data.folds()[i];
                margins[folds][g][i] = margin(data, singles.get(own), data.diffs()[i]);
                for (Families.Member pair : pairs) {
                    if (pair.fold() == own || pair.otherFold() == own) {
                        int other = pair.fold() == own ? pair.otherFold() : pair.fold();
                        margins[other][g][i] = margin(data, pair, data.diffs()[i]);
                    }
                }
            }
        }
        double[] chosen = new double[folds + 1];
        for (int f = 0; f <= folds; f++) {
            chosen[f] = GoldPenalty.choose(margins[f], right, data.folds(), f, data.l2());
        }
        return chosen;
    }

    /**
     * Penalties of heads that train on pairs that are not gold: for the head that leaves out fold f, by labels of each other fold
     * g under the head that leaves out g. Labels of f reach that choice at most through the targets of those heads.
     *
     * @param data what they train on; its penalty is the standard one
     * @return one for each fold left out, then that of the head on all
     */
    public static double[] ofOthers(Families.Data data, Labels gold, int folds) {
        double[][] margins = new double[GoldPenalty.GRID.size()][gold.right().length];
        for (int g = 0; g < margins.length; g++) {
            List<Families.Member> singles = Families.singles(data.withL2(GoldPenalty.GRID.get(g)), folds);
            for (int i = 0; i < gold.right().length; i++) {
                margins[g][i] = margin(data, singles.get(gold.folds()[i]), gold.diffs()[i]);
            }
        }
        double[] chosen = new double[folds + 1];
        for (int f = 0; f <= folds; f++) {
            chosen[f] = GoldPenalty.choose(margins, gold.right(), gold.folds(), f, data.l2());
        }
        return chosen;
    }

    private static double margin(Families.Data data, Families.Member member, float[] scaled) {
        return data.scales().margin(member.head().weights(), scaled);
    }
}
