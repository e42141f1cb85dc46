package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.stats.Logistic;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.rewardscorer.client.Checkpoints;
import io.prefstream.rewardscorer.domain.RewardModel;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores pairs with a reward model of a run. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description =
                "Scores preference rows with a reward model of a run: raw scores, margin and probability as JSON lines; p_calibrated"
                        + " is the probability at the temperature that human labels gave the model.")
final class ScoreCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(paramLabel = "FILE", description = "Preference rows in any shape that curate takes.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--model",
            defaultValue = "best",
            description = "best, gold, or a checkpoint id (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write; standard output by default.")
    private @Nullable Path out;

    @Mixin
    private ColumnOption map = new ColumnOption();

    @Override
    public Integer call() throws IOException {
        Checkpoint checkpoint;
        try (OpenFolder system = data.open()) {
            checkpoint = find(system);
        }
        RewardModel scorer = Checkpoints.load(checkpoint);
        MiniLmTextFeatures texts = new MiniLmTextFeatures();
        PrintWriter err = spec.commandLine().getErr();
        Writer to = out == null ? spec.commandLine().getOut() : Files.newBufferedWriter(out);
        try {
            var report = PairFiles.read(file, map.columns, row -> {
                if (row instanceof Candidate pair) {
                    line(to, pair, scorer, checkpoint, texts);
                } else if (row instanceof io.prefstream.ingest.domain.Refused refused) {
                    err.println("row left out: " + refused.message());
                }
            });
            if (report.damage() != null) {
                throw new UserError(report.damage());
            }
        } catch (FileRefused e) {
            throw new UserError(String.valueOf(e.getMessage()));
        } finally {
            to.flush();
            if (to instanceof BufferedWriter) {
                to.close();
            }
        }
        return 0;
    }

    private Checkpoint find(OpenFolder system) {
        Checkpoint[] found = new Checkpoint[1];
        try (TopicReader reader = new TopicReader(system.installation(), system.wire(), List.of(Topics.CHECKPOINTS))) {
            reader.readToEnd((topic, key, value) -> {
                Checkpoint c = (Checkpoint) value;
                boolean byRole = switch (model.toLowerCase(Locale.ROOT)) {
                    case "best" -> c.getRole() == CheckpointRole.BEST;
                    case "gold" -> c.getRole() == CheckpointRole.GOLD;
                    default -> c.getCheckpointId().equals(model);
                };
                if (byRole) {
                    found[0] = c;
                }
            });
        }
        if (found[0] == null) {
            throw new UserError("this run has no model " + model + ": curate with enough human labels first");
        }
        return found[0];
    }

    private static void line(
            Writer to, Candidate pair, RewardModel scorer, Checkpoint checkpoint, MiniLmTextFeatures texts) {
        RewardModel.Scores scores = scorer.score(
                texts.answer(pair.history(), pair.chosen()).features(),
                texts.answer(pair.history(), pair.rejected()).features(),
                -1);
        ObjectNode line = JSON.createObjectNode();
        line.put("source_id", pair.sourceId());
        line.put("chosen_score", round(scores.chosen()));
        line.put("rejected_score", round(scores.rejected()));
        line.put("margin", round(scores.margin()));
        line.put("p", round(Logistic.sigmoid(scores.margin())));
        Double temperature = checkpoint.getMetrics().get("temperature");
        if (temperature != null) {
            line.put("p_calibrated", round(Logistic.sigmoid(scores.margin() / temperature)));
        }
        line.put("model", checkpoint.getCheckpointId());
        try {
            to.write(line + "\n");
        } catch (IOException e) {
            throw new UserError("cannot write the scores: " + e.getMessage());
        }
    }

    private static double round(double x) {
        return Math.round(x * 1e6) / 1e6;
    }
}
