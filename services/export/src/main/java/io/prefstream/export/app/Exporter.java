package io.prefstream.export.app;

import io.prefstream.export.client.ExportFiles;
import io.prefstream.export.domain.Outcome;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CleaningCount;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Round;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Turns the topics of a finished run into the files of {@code --out}. It reads committed records only. */
public final class Exporter {

    private final Map<String, HumanTask> tasks = new HashMap<>();
    private final Outcome outcome = new Outcome();

    /**
     * What was written.
     *
     * @param counts rows by verdict, as in the manifest
     * @param cleaning pairs or rows that each cleaning rule has met
     */
    public record Written(Map<String, Long> counts, Map<String, Long> cleaning) {}

    private Exporter() {}

    /**
     * Writes the export of a run aside and then gives it its name.
     *
     * @param run run that has ended
     */
    public static Written write(Installation installation, Wire wire, int run, Path out) throws IOException {
        Exporter exporter = read(installation, wire);
        return new Written(ExportFiles.write(exporter.outcome, run, out), exporter.outcome.cleaning());
    }

    /** What the topics of finished runs hold. */
    public static Outcome outcome(Installation installation, Wire wire) {
        return read(installation, wire).outcome;
    }

    private static Exporter read(Installation installation, Wire wire) {
        Exporter exporter = new Exporter();
        try (TopicReader reader = new TopicReader(installation, wire, List.of(Topics.HUMAN_TASKS))) {
            reader.readToEnd((topic, key, value) -> exporter.tasks.put(key, (HumanTask) value));
        }
        try (TopicReader reader = new TopicReader(
                installation,
                wire,
                List.of(
                        Topics.PAIRS,
                        Topics.REJECTED_INPUT,
                        Topics.NEAR_DUPLICATES,
                        Topics.BENCHMARKS_IN,
                        Topics.CLEANING_COUNTS,
                        Topics.VERDICTS,
                        Topics.CURATED_PAIRS,
                        Topics.RECYCLED_PAIRS,
                        Topics.CHECKPOINTS,
                        Topics.TRAINING_RUNS,
                        Topics.ROUNDS))) {
            reader.readToEnd(exporter::take);
        }
        exporter.outcome.close();
        return exporter;
    }

    private void take(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> {
                outcome.addRow(pair);
                HumanTask task = tasks.get(pair.getPairId());
                if (task != null) {
                    outcome.addTask(task, pair);
                }
            }
            case BenchmarkItem item -> outcome.addBenchmarkItem(key, item);
            case CleaningCount count -> outcome.addCleaning(count);
            case RejectedInput row -> outcome.addRefused(row);
            case NearDuplicate fact -> outcome.addAlike(fact);
            case Verdict verdict -> outcome.addVerdict(verdict);
            case CuratedPair pair -> outcome.addPublished(topic.equals(Topics.CURATED_PAIRS.name()), pair);
            case Checkpoint checkpoint -> outcome.addCheckpoint(checkpoint);
            case TrainingRun training -> outcome.addTraining(training);
            case Round round -> outcome.addRound(round);
            default -> throw new IllegalStateException("unexpected record on " + topic);
        }
    }
}
