package io.prefstream.trainer.app;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.Step;
import io.prefstream.trainer.processor.StepWork;
import io.prefstream.trainer.round.RoundControl;
import io.prefstream.trainer.topology.TrainerTopology;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** The trainer as a stage: its topology, and one thread that trains beside the stream. */
public final class TrainerStage implements Stage {

    private final Installation installation;
    private final Wire wire;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("trainer-work").daemon().factory());
    private final Facts facts = new Facts();
    private @Nullable TopicReader reader;

    /** A trainer that reads the topics of an installation. */
    public TrainerStage(Installation installation, Wire wire) {
        this.installation = installation;
        this.wire = wire;
    }

    @Override
    public Topology topology(StageEnvironment environment) {
        return TrainerTopology.of(environment, this::after);
    }

    private CompletableFuture<StepWork.Found> after(Step last, Map<String, String> settings) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (reader == null) {
                        reader = new TopicReader(installation, wire, Facts.TOPICS);
                    }
                    reader.readToEnd(facts::add);
                    return RoundControl.after(last, facts, settings);
                },
                thread);
    }

    @Override
    public void close() {
        thread.execute(() -> {
            if (reader != null) {
                reader.close();
            }
        });
        thread.close();
    }
}
