package io.prefstream.runner.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.prefstream.core.stats.Wilson;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.runner.domain.GoldStanding;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.TrainingRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the checkpoints of a folder. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "Lists the announced reward models in the order of their last announcement, and which of them serve.")
final class CheckpointListCommand implements Callable<Integer> {

    private static final String ROW = "%-12s  %-9s  %-11s  %-10s  %-9s  %5s  %10s  %-32s  %s%n";
    private static final double LEVEL = 0.9;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(
            names = "--all",
            description = "Also the models that leave out a fold, which score that fold and never serve.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder folder = data.open()) {
            ControlTopic topic = new ControlTopic(folder);
            CheckpointHistory history = topic.history();
            List<Checkpoint> shown = history.latest().stream()
                    .filter(checkpoint -> all || checkpoint.getRole() != CheckpointRole.FOLD)
                    .toList();
            if (json) {
                ObjectMapper mapper = new ObjectMapper();
                ArrayNode rows = mapper.createArrayNode();
                shown.forEach(
                        checkpoint -> rows.add(CheckpointShowCommand.json(checkpoint, history, topic.trainings())));
                to.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(rows));
            } else {
                print(shown, history, topic.trainings(), to);
            }
        }
        to.flush();
        return 0;
    }

    static void print(List<Checkpoint> shown, CheckpointHistory history, List<TrainingRun> trainings, PrintWriter to) {
        if (shown.isEmpty()) {
            to.println("No checkpoint was announced on this folder.");
            return;
        }
        to.printf(ROW, "id", "role", "serves", "family", "kind", "round", "trained on", "right on gold", "uri");
        for (Checkpoint checkpoint : shown) {
            to.printf(
                    ROW,
                    CheckpointCommand.digits(checkpoint),
                    ControlTopic.word(checkpoint.getRole()),
                    serves(checkpoint, history),
                    checkpoint.getFamily(),
                    checkpoint.getKind(),
                    checkpoint.getRound(),
                    checkpoint.getTrainedOn(),
                    GoldStanding.recorded(checkpoint, trainings)
                            .map(CheckpointListCommand::text)
                            .orElse("-"),
                    Objects.requireNonNullElse(checkpoint.getUri(), "-"));
        }
    }

    /** {@code now}, {@code was best}, or a dash. */
    static String serves(Checkpoint checkpoint, CheckpointHistory history) {
        if (!history.roles(checkpoint.getCheckpointId()).isEmpty()) {
            return "now";
        }
        return CheckpointHistory.SERVING.stream()
                .filter(role -> history.servedBefore(checkpoint.getCheckpointId(), role))
                .findFirst()
                .map(role -> "was " + ControlTopic.word(role))
                .orElse("-");
    }

    private static String text(GoldStanding standing) {
        return String.format(
                Locale.ROOT,
                "%d of %d, %.1f %% (%.1f to %.1f)",
                standing.correct(),
                standing.decided(),
                100.0 * standing.correct() / standing.decided(),
                100 * Wilson.lower(standing.correct(), standing.decided(), LEVEL),
                100 * Wilson.upper(standing.correct(), standing.decided(), LEVEL));
    }
}
