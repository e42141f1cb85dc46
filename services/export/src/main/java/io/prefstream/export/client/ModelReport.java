package io.prefstream.export.client;

import io.prefstream.core.bias.Trait;
import io.prefstream.core.calibration.Reliability;
import io.prefstream.export.domain.Outcome;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run's reward models were worth, how sure they may be, and what sways them, in Markdown. */
final class ModelReport {

    private ModelReport() {}

    static void write(StringBuilder text, Outcome outcome, int run) {
        text.append("\n## Reward models\n\n");
        row(text, "round", "trained on", "pairs", "right on gold", "accuracy", "log-loss", "calibrated", "ECE", "best");
        text.append("|").append("---|".repeat(9)).append('\n');
        for (TrainingRun training : outcome.trainings()) {
            Map<String, Double> metrics = training.getMetrics();
            row(
                    text,
                    training.getRound(),
                    training.getFamily(),
                    training.getPairs(),
                    training.getGoldCorrect() + " of " + training.getGoldDecided(),
                    figure(training.getAccuracy()),
                    figure(metrics, "log_loss"),
                    figure(metrics, "log_loss_calibrated"),
                    figure(metrics, "ece_calibrated"),
                    training.getChosenAsBest() ? "yes" : "");
        }
        List<Checkpoint> served = outcome.served(run).stream()
                .filter(c -> c.getMetrics().containsKey("temperature"))
                .sorted((a, b) -> a.getRole().compareTo(b.getRole()))
                .toList();
        if (!served.isEmpty()) {
            calibration(text, served);
            bias(text, served);
        }
    }

    private static void calibration(StringBuilder text, List<Checkpoint> served) {
        text.append("""

                ## How sure are the served models?

                On human labels, out of fold: as the margins are, and divided by a temperature that was fitted without the \
                label's fold. Knowing nothing has log-loss .693 and Brier score .25.

                """);
        row(
                text,
                "model",
                "right on gold",
                "temperature",
                "log-loss",
                "Brier",
                "ECE, bins alike wide",
                "ECE, bins alike full");
        text.append("|").append("---|".repeat(7)).append('\n');
        for (Checkpoint model : served) {
            Map<String, Double> metrics = model.getMetrics();
            row(
                    text,
                    name(model),
                    count(metrics, "gold_correct") + " of " + count(metrics, "gold_decided"),
                    figure(metrics, "temperature"),
                    beforeAndAfter(metrics, "log_loss"),
                    beforeAndAfter(metrics, "brier"),
                    beforeAndAfter(metrics, "ece"),
                    beforeAndAfter(metrics, "ece_adaptive"));
        }
        text.append('\n');
        for (Checkpoint model : served) {
            List<String> bins = new ArrayList<>();
            for (int b = 0; b < Reliability.BINS; b++) {
                String bin = "reliability_" + b;
                if (model.getMetrics().containsKey(bin + "_labels")) {
                    bins.add(figure(model.getMetrics(), bin + "_said") + " was "
                            + figure(model.getMetrics(), bin + "_right") + " of "
                            + count(model.getMetrics(), bin + "_labels"));
                }
            }
            text.append("- ")
                    .append(name(model))
                    .append(", what it said and how much of it was right: ")
                    .append(String.join("; ", bins))
                    .append('\n');
        }
    }

    private static void bias(StringBuilder text, List<Checkpoint> served) {
        text.append("""

                ## What sways the served models?

                Rank correlation of margin and trait over the pool, and logits for one deviation of the trait. Then human labels: \
                pairs ranked right whose better answer has more and has less of the trait, how often people and the model prefer \
                more of it, and how much further the model leans, with its 90 % interval. A lean that people share is no bias; \
                an interval above 0 says that errors go towards more of the trait. `position` is standing as the chosen answer.

                """);
        row(
                text,
                "model",
                "trait",
                "correlation",
                "logits",
                "has more",
                "has less",
                "people",
                "model",
                "leans further by");
        text.append("|").append("---|".repeat(9)).append('\n');
        for (Checkpoint model : served) {
            Map<String, Double> metrics = model.getMetrics();
            for (Trait trait : Trait.values()) {
                String of = "bias_" + trait.wireName() + "_";
                if (metrics.containsKey(of + "per_sd")) {
                    row(
                            text,
                            name(model),
                            trait.wireName().replace('_', ' '),
                            figure(metrics, of + "spearman"),
                            figure(metrics, of + "per_sd"),
                            count(metrics, of + "more_right") + " of " + count(metrics, of + "more"),
                            count(metrics, of + "less_right") + " of " + count(metrics, of + "less"),
                            figure(metrics, of + "people_lean"),
                            figure(metrics, of + "model_lean"),
                            metrics.containsKey(of + "excess")
                                    ? String.format(
                                            Locale.ROOT,
                                            "%+.3f (%+.3f to %+.3f)",
                                            metrics.get(of + "excess"),
                                            metrics.get(of + "excess_lower"),
                                            metrics.get(of + "excess_upper"))
                                    : "-");
                }
            }
        }
    }

    private static String name(Checkpoint model) {
        return model.getRole() == CheckpointRole.BEST ? "best" : "gold";
    }

    private static String beforeAndAfter(Map<String, Double> metrics, String name) {
        return figure(metrics, name) + " > " + figure(metrics, name + "_calibrated");
    }

    private static String count(Map<String, Double> metrics, String name) {
        return String.format(Locale.ROOT, "%.0f", metrics.getOrDefault(name, 0.0));
    }

    private static String figure(Map<String, Double> metrics, String name) {
        Double figure = metrics.get(name);
        return figure == null ? "-" : figure(figure);
    }

    private static String figure(double figure) {
        return String.format(Locale.ROOT, "%.3f", figure);
    }

    private static void row(StringBuilder text, Object... cells) {
        for (Object cell : cells) {
            text.append("| ").append(cell).append(' ');
        }
        text.append("|\n");
    }
}
