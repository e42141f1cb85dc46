package io.prefstream.trainer.processor;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Barrier;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.trainer.domain.Step;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointRole;
import io.prefstream.wire.Progress;
import io.prefstream.wire.Round;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.ScoringSet;
import io.prefstream.wire.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The round controller. It opens one step after the other, each when the barrier says that all before it has drained,
 * and has the work of a step done by {@link StepWork} on another thread. What the work found goes out in one
 * transaction with the step's own record, so that a killed controller repeats a step whole or not at all.
 *
 * <p>Votes of all pairs meet in its one task, which keeps the live view of agreement.
 */
public final class RunProcessor extends StageProcessor {

    /** The last report of every task, by stage and partition. */
    public static final Store<Progress> REPORTS = new Store<>("reports", StoreSerdes.avro(Progress.class), true);

    /** Run requests not ended yet, by run; and the step that is open, under one key. */
    public static final Store<RunRequest> REQUESTS = new Store<>("requests", StoreSerdes.avro(RunRequest.class), true);

    public static final Store<Round> STEP = new Store<>("step", StoreSerdes.avro(Round.class), true);

    /** Checkpoint in each role, by the role's name. */
    public static final Store<String> ROLES = new Store<>("roles", Serdes.String(), true);

    /** Every store of the stage. */
    public static final List<Store<?>> STORES =
            List.of(REPORTS, REQUESTS, STEP, ROLES, AgreementView.CAST, AgreementView.UNPUBLISHED);

    private static final String OPEN = "open";
    private static final String OPERATOR = "operator"; // in the provenance of what a person announced
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration PUBLISH_EVERY = Duration.ofMillis(100);
    private static final Logger LOG = LoggerFactory.getLogger(RunProcessor.class);

    private final StepWork work;
    private @Nullable CompletableFuture<StepWork.Found> pending;
    private KeyValueStore<String, Progress> reports;
    private KeyValueStore<String, RunRequest> requests;
    private KeyValueStore<String, Round> step;
    private KeyValueStore<String, String> roles;
    private AgreementView agreement;

    /** A controller whose steps are done by {@code work}. */
    @SuppressWarnings("NullAway.Init")
    public RunProcessor(StageEnvironment environment, StepWork work) {
        super(environment);
        this.work = work;
    }

    @Override
    protected void ready() {
        reports = store(REPORTS);
        requests = store(REQUESTS);
        step = store(STEP);
        roles = store(ROLES);
        agreement = new AgreementView(store(AgreementView.CAST), store(AgreementView.UNPUBLISHED));
        for (AgreementBoard.Scope scope : AgreementBoard.Scope.values()) {
            gauge(scope.metric(), () -> agreement.now(scope));
        }
        every(LOOK_EVERY, this::look);
        every(PUBLISH_EVERY, this::publishAgreement);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Progress report -> reports.put(key, report);
            case RunRequest request -> requests.put(String.format(Locale.ROOT, "%09d", request.getRun()), request);
            case Checkpoint checkpoint -> serve(checkpoint);
            case Vote vote -> {
                agreement.take(vote);
                later();
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    /** Has the pairs that come from here on scored by the models in both roles, when an operator has put another in one. */
    private void serve(Checkpoint checkpoint) {
        if (checkpoint.getRole() != CheckpointRole.BEST && checkpoint.getRole() != CheckpointRole.GOLD) {
            return;
        }
        roles.put(checkpoint.getRole().name(), checkpoint.getCheckpointId());
        if (checkpoint.getProvenance().getStage().equals(OPERATOR)) {
            List<String> serving = Stream.of(CheckpointRole.BEST, CheckpointRole.GOLD)
                    .map(role -> roles.get(role.name()))
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            String id = "serve-" + read().getOrDefault(Topics.CHECKPOINTS.name(), 0L);
            emitToAll(
                    Topics.SCORING_REQUESTS,
                    id,
                    ScoringRequest.newBuilder()
                            .setRequestId(id)
                            .setRound(checkpoint.getRound())
                            .setCheckpoints(serving)
                            .setSet(ScoringSet.SERVE)
                            .setSeed(0)
                            .setFolds(2) // the fewest; a model that serves has left none out
                            .build());
        }
    }

    private void publishAgreement() {
        long votes = agreement.publish(this::emit);
        if (votes > 0) {
            done(Topics.VOTES.name(), votes);
        }
    }

    private void look() {
        if (pending != null) {
            if (pending.isDone()) {
                CompletableFuture<StepWork.Found> done = pending;
                pending = null;
                publish(done.join());
            }
            return;
        }
        Round open = step.get(OPEN);
        RunRequest request = open == null || open.getPhase().equals(Phase.DONE.wireName())
                ? next(open == null ? 0 : open.getRun())
                : requests.get(String.format(Locale.ROOT, "%09d", open.getRun()));
        if (request == null || !drained(request)) {
            return;
        }
        Step last = open == null || open.getRun() != request.getRun()
                ? Step.before(request.getRun(), request.getAfter())
                : new Step(open.getRun(), Phase.valueOf(open.getPhase().toUpperCase(Locale.ROOT)), open.getRound());
        pending = work.after(last, request.getSettings());
    }

    private @Nullable RunRequest next(int after) {
        try (KeyValueIterator<String, RunRequest> later =
                requests.range(String.format(Locale.ROOT, "%09d", after + 1), null)) {
            return later.hasNext() ? later.next().value : null;
        }
    }

    private boolean drained(RunRequest request) {
        List<Barrier.Report> all = new ArrayList<>();
        try (KeyValueIterator<String, Progress> entries = reports.all()) {
            entries.forEachRemaining(
                    e -> all.add(new Barrier.Report(e.value.getStage(), e.value.getConsumed(), e.value.getProduced())));
        }
        all.removeIf(report -> report.stage().equals("trainer"));
        all.add(new Barrier.Report("trainer", read(), written())); // its own, from its own store
        return Barrier.missing(
                        all,
                        request.getProduced(),
                        stage -> request.getStages().isEmpty()
                                || request.getStages().contains(stage))
                .isEmpty();
    }

    private void publish(StepWork.Found found) {
        found.records().forEach(record -> send(record));
        Round round = found.round();
        String key = new Step(
                        round.getRun(), Phase.valueOf(round.getPhase().toUpperCase(Locale.ROOT)), round.getRound())
                .key();
        LOG.info("opened {}", key);
        emitToAll(Topics.ROUNDS, key, round);
        step.put(OPEN, round);
    }

    private void send(StepWork.Out record) {
        Topic<?> topic = record.topic();
        if (topic.equals(Topics.SCORING_REQUESTS) || topic.equals(Topics.FUSION_MODELS)) {
            emitToAll(topic, record.key(), record.value());
        } else {
            emit(topic, record.key(), record.value());
        }
    }
}
