package io.prefstream.models.reward;

import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.Locale;

/** What a model must pass before it serves: its golden scores, and the same scores whatever rows and batches hold them. */
final class GoldenTest {

    private GoldenTest() {}

    /**
     * Scores the golden conversations one by one and, unless each must be scored alone, in shared rows and all in one batch.
     *
     * @throws ModelRefused when a score is further from the golden one than the card allows
     */
    static void check(DjlRewardModel model, ModelFolder.Card card) {
        List<List<Message>> conversations =
                card.golden().stream().map(ModelFolder.Golden::messages).toList();
        check("alone", model.scoreOtherwise(conversations, false, 0), card);
        if (card.alone()) {
            return;
        }
        check("in one batch", model.scoreOtherwise(conversations, false, Integer.MAX_VALUE), card);
        check("in shared rows", model.scoreOtherwise(conversations, true, Integer.MAX_VALUE), card);
    }

    private static void check(String how, double[] scores, ModelFolder.Card card) {
        int worst = 0;
        double off = -1;
        for (int i = 0; i < scores.length; i++) {
            double difference = Math.abs(scores[i] - card.golden().get(i).score());
            if (!(difference <= off)) {
                off = difference;
                worst = i;
            }
        }
        if (!(off <= card.tolerance())) {
            throw new ModelRefused(String.format(
                    Locale.ROOT,
                    "%s misses a golden score by %.3g, and %.3g is allowed: conversation %d scored %s must get %.6f, and gets %.6f",
                    card.name(),
                    off,
                    card.tolerance(),
                    worst + 1,
                    how,
                    card.golden().get(worst).score(),
                    scores[worst]));
        }
    }
}
