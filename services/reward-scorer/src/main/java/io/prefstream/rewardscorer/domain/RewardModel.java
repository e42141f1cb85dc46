package io.prefstream.rewardscorer.domain;

import io.prefstream.core.reward.BradleyTerryHead;
import io.prefstream.core.reward.NeighbourModel;
import io.prefstream.core.stats.Vectors;

/** A model that scores the two answers of a pair from their features. Immutable; any thread. */
public sealed interface RewardModel {

    /**
     * Raw scores of a pair's answers, in logits.
     *
     * @param chosen score of the chosen answer
     * @param rejected score of the rejected answer
     */
    record Scores(double chosen, double rejected) {

        /** Chosen less rejected. */
        public double margin() {
            return chosen - rejected;
        }
    }

    /**
     * Scores a pair.
     *
     * @param fold fold of the pair, which a model that still holds it leaves out
     */
    Scores score(float[] chosen, float[] rejected, int fold);

    /** Whether the model may score a pair of this fold: it has not trained on it, or has trained on all. */
    boolean takes(int fold);

    /**
     * A Bradley-Terry head.
     *
     * @param fold fold that it has not seen; -1 when it has seen all
     * @param otherFold second such fold; -1 when there is none
     */
    record Head(BradleyTerryHead head, int fold, int otherFold) implements RewardModel {

        @Override
        public Scores score(float[] chosen, float[] rejected, int pairFold) {
            return new Scores(head.score(chosen), head.score(rejected));
        }

        @Override
        public boolean takes(int pairFold) {
            return fold < 0 || fold == pairFold || otherFold == pairFold;
        }
    }

    /** The vote of the nearest gold pairs, less those of the pair's own fold; it knows pairs only, so one side is 0. */
    record Neighbours(NeighbourModel model) implements RewardModel {

        @Override
        public Scores score(float[] chosen, float[] rejected, int pairFold) {
            return new Scores(model.margin(Vectors.minus(chosen, rejected), pairFold, pairFold), 0);
        }

        @Override
        public boolean takes(int pairFold) {
            return true;
        }
    }
}
