package io.prefstream.runner.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.runner.app.ControlTopic;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.domain.CheckpointHistory;
import io.prefstream.runner.domain.GoldStanding;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.TrainingRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells all of a checkpoint but its weights. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Tells all that was announced of a checkpoint, its weights aside.")
final class CheckpointShowCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(paramLabel = "ID", description = "A checkpoint id, or its first 8 or more digits.")
    @SuppressWarnings("NullAway.Init")
    private String wanted;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder folder = data.open()) {
            ControlTopic topic = new ControlTopic(folder);
            ObjectNode told = json(topic.named(wanted), topic.history(), topic.trainings());
            if (json) {
                to.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(told));
            } else {
                told.properties()
                        .forEach(field -> to.printf(
                                "%-16s %s%n",
                                field.getKey(),
                                field.getValue().isTextual()
                                        ? field.getValue().asText()
                                        : field.getValue().toString()));
            }
        }
        to.flush();
        return 0;
    }

    /** What was announced of a checkpoint last, and whether it serves. */
    static ObjectNode json(Checkpoint checkpoint, CheckpointHistory history, List<TrainingRun> trainings) {
        ObjectNode told = JSON.createObjectNode()
                .put("id", checkpoint.getCheckpointId())
                .put("role", ControlTopic.word(checkpoint.getRole()))
                .put("serves", CheckpointListCommand.serves(checkpoint, history))
                .put("family", checkpoint.getFamily())
                .put("kind", checkpoint.getKind())
                .put("round", checkpoint.getRound())
                .put("fold", checkpoint.getFold())
                .put("other_fold", checkpoint.getOtherFold())
                .put("trained_on", checkpoint.getTrainedOn())
                .put("labels_hash", checkpoint.getLabelsHash())
                .put("uri", checkpoint.getUri())
                .put(
                        "inline_bytes",
                        checkpoint.getInline() == null
                                ? null
                                : (Integer) checkpoint.getInline().remaining())
                .put("feature_set", checkpoint.getFeatureSet())
                .put("tolerance", checkpoint.getTolerance())
                .put("golden_pairs", checkpoint.getGoldenPairs().size());
        GoldStanding.recorded(checkpoint, trainings)
                .ifPresent(standing -> told.put("right_on_gold", standing.toString()));
        ObjectNode metrics = told.putObject("metrics");
        new TreeMap<>(checkpoint.getMetrics()).forEach(metrics::put);
        ObjectNode provenance = told.putObject("provenance")
                .put("stage", checkpoint.getProvenance().getStage())
                .put("stage_version", checkpoint.getProvenance().getStageVersion())
                .put("config_hash", checkpoint.getProvenance().getConfigHash())
                .put("revision", checkpoint.getProvenance().getRevision());
        ArrayNode inputs = provenance.putArray("inputs");
        checkpoint.getProvenance().getInputs().forEach(inputs::add);
        return told;
    }
}
