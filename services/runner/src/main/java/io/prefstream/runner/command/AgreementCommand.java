package io.prefstream.runner.command;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.core.agreement.AgreementBoard.Annotator;
import io.prefstream.core.agreement.AgreementBoard.Line;
import io.prefstream.core.agreement.Choice;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.trainer.domain.Casts;
import io.prefstream.wire.Vote;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints how far people, judges and reward models agree, and how each of them does. */
@Command(
        name = "agreement",
        mixinStandardHelpOptions = true,
        description =
                "Tells how far people, judges and reward models agree, over all pairs and by task category, and how"
                        + " each of them does.")
final class AgreementCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Override
    public Integer call() {
        PrintWriter to = spec.commandLine().getOut();
        AgreementBoard board = new AgreementBoard();
        try (OpenFolder system = data.open();
                TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.VOTES))) {
            reader.readToEnd((topic, key, value) -> board.put(Casts.of((Vote) value)));
        }
        print(board, to);
        to.flush();
        return 0;
    }

    static void print(AgreementBoard board, PrintWriter to) {
        to.printf("Agreement beyond chance: 1 is full, 0 what chance gives%n");
        to.printf("%-20s %-6s %-24s %7s  %s%n", "category", "", "between", "pairs", "value");
        for (Line line : board.lines()) {
            if (line.category().isEmpty() || line.coefficient().value() != null) {
                to.printf(
                        "%-20s %-6s %-24s %7d  %s%n",
                        line.category().isEmpty() ? "all" : line.category(),
                        line.scope().coefficient(),
                        line.scope().raters(),
                        line.coefficient().items(),
                        line.coefficient());
            }
        }
        to.printf(
                "%nAnnotators: right by the votes alone; for the answer shown first; agreed with most other people%n");
        to.printf(
                "%-13s %-24s %7s %6s %6s %14s %8s  %s%n",
                "kind",
                "annotator",
                "votes",
                "right",
                "first",
                "agreed",
                "seconds",
                "chosen, rejected, tie under chosen | rejected | tie");
        for (Annotator of : board.annotators()) {
            to.printf(
                    "%-13s %-24s %7d %6s %6s %14s %8s  %s%n",
                    of.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    of.annotator().isEmpty() ? "(unknown people)" : of.annotator(),
                    of.votes(),
                    number(of.accuracy(), 3),
                    share(of.first(), of.first() + of.second()),
                    of.agreed() + " of " + of.compared(),
                    of.medianSeconds() == null ? "-" : number(of.medianSeconds(), 1),
                    matrix(of.confusion()));
        }
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "-" : number((double) part / whole, 3);
    }

    private static String matrix(double[] given) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < given.length; i++) {
            text.append(i == 0 ? "" : i % Choice.CLASSES == 0 ? " | " : " ").append(number(given[i], 2));
        }
        return text.toString();
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
