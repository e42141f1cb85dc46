package io.prefstream.core.benchmark;

import java.util.Arrays;
import java.util.List;

/**
 * Area under the ROC curve of right against wrong answers over all questions of a set: the probability that a right answer
 * scores higher than a wrong one of any question, equal scores counting half. Scores are first put on 0 to 1 within their
 * question (lowest 0, highest 1; all .5 when they are equal), since raw scores of two questions do not compare. An answer that
 * could not be scored lies below all others.
 */
final class RocArea {

    private RocArea() {}

    private record Answer(double score, boolean right) {}

    /** {@return the area, 0 to 1; NaN when there is no right or no wrong answer} */
    static double of(List<ScoredItem> items) {
        Answer[] answers = items.stream()
                .flatMap(item -> normalised(item).stream())
                .sorted((a, b) -> Double.compare(a.score(), b.score()))
                .toArray(Answer[]::new);
        double rights = Arrays.stream(answers).filter(Answer::right).count();
        double wrongs = answers.length - rights;
        double below = 0; // wrong answers with a lower score
        double won = 0;
        for (int from = 0; from < answers.length; ) {
            int to = from;
            int rightHere = 0;
            for (; to < answers.length && answers[to].score() == answers[from].score(); to++) {
                rightHere += answers[to].right() ? 1 : 0;
            }
            int wrongHere = to - from - rightHere;
            won += rightHere * (below + wrongHere / 2.0);
            below += wrongHere;
            from = to;
        }
        return won / (rights * wrongs);
    }

    private static List<Answer> normalised(ScoredItem item) {
        double[] finite = Arrays.stream(item.scores()).filter(Double::isFinite).toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(0);
        Answer[] answers = new Answer[item.scores().length];
        for (int i = 0; i < answers.length; i++) {
            double score = item.scores()[i];
            double unit = !Double.isFinite(score) ? score : high > low ? (score - low) / (high - low) : 0.5;
            answers[i] = new Answer(unit, item.right()[i]);
        }
        return List.of(answers);
    }
}
