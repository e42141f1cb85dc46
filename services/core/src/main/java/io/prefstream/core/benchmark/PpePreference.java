package io.prefstream.core.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * PPE Preference: a vote of a person on two answers is met when the answer that they preferred scores strictly higher. Votes for
 * a tie are no items. Parts are languages.
 *
 * @see <a href="https://arxiv.org/abs/2410.14872">Frick et al., How to Evaluate Reward Models for RLHF, 2024</a>
 */
public final class PpePreference implements Benchmark {

    @Override
    public String id() {
        return "ppe-preference";
    }

    @Override
    public String title() {
        return "PPE Preference";
    }

    @Override
    public double credit(ScoredItem item) {
        return item.worstRight() > item.bestWrong() ? 1 : 0;
    }

    @Override
    public Outcome outcome(List<ScoredItem> items) {
        Tally all = Parts.tally(this, items);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("accuracy", "all votes", all));
        Parts.by(items, ScoredItem::part)
                .forEach((language, there) -> figures.add(Figure.of("language", language, Parts.tally(this, there))));
        return new Outcome(all.value(), items.isEmpty() ? List.of("votes") : List.of(), figures);
    }
}
