package io.prefstream.runner.ablate;

import io.prefstream.attributetagger.app.TaggerStage;
import io.prefstream.core.judge.Judge;
import io.prefstream.export.app.Exporter;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.Stage;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.TopicSetup;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.app.VerifierStage;
import io.prefstream.rewardscorer.app.ScorerStage;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.Progress;
import io.prefstream.runner.app.StageCatalogue;
import io.prefstream.wire.Round;
import io.prefstream.wire.RunRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one variant beside the base: on its own topics, groups and folders, to the end of the range, and then stops. */
final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    private final Installation base;
    private final Wire wire;
    private final Recordings recordings;
    private final Cut cut;
    private final RunRequest order;
    private final Consumer<String> messages;

    /**
     * Replays of one run.
     *
     * @param order the run's order
     */
    Replay(Installation base, Wire wire, Recordings recordings, Cut cut, RunRequest order, Consumer<String> messages) {
        this.base = base;
        this.wire = wire;
        this.recordings = recordings;
        this.cut = cut;
        this.order = order;
        this.messages = messages;
    }

    /**
     * How and where a variant runs.
     *
     * @param prefix before its topics, groups and application ids
     * @param folder folder of its state stores
     * @param partitions partitions of pair-keyed topics
     * @param threads stream threads of a stage
     * @param keep whether its topics stay when it has ended
     */
    record Place(String prefix, Path folder, int partitions, int threads, boolean keep) {}

    /**
     * What came of a variant.
     *
     * @param counts rows by verdict
     * @param decision what it decided with
     * @param prints what its topics held, by name
     * @param notRecorded calls to which no answer was recorded, while it ran
     */
    record Outcome(
            Map<String, Long> counts, Map<String, String> decision, Map<String, TopicPrint> prints, long notRecorded) {}

    /**
     * Runs a variant and writes its export.
     *
     * @param pairs pairs that take part; null for all
     */
    Outcome run(Variant variant, Range range, @Nullable Set<String> pairs, Place place, Path out, Progress progress)
            throws IOException {
        Installation own = new Installation(
                base.bootstrap(),
                base.registry(),
                place.prefix(),
                place.partitions(),
                base.replication(),
                place.folder(),
                "replay",
                place.threads(),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                base.client());
        Wire ownWire = new ReplayWire(wire, place.prefix());
        Namespace names = new Namespace(own, place.folder());
        long started = System.nanoTime();
        names.remove();
        makeTopics(own);
        started = say("topics made", started);
        Map<String, String> settings = variant.over(order.getSettings());
        boolean describes =
                !Judge.all(settings).isEmpty() && !Judge.taggers(settings).isEmpty();
        List<String> working = variant.entry().stages(describes);
        long missing = recordings.missing();
        progress.say("copying facts");
        Map<String, Long> copied;
        try (FactCopier copier = new FactCopier(base, own, wire, cut, order.getRun(), variant, range, pairs)) {
            copied = copier.copy(describes);
        }
        started = say("facts copied", started);
        progress.say("starting stages");
        Outcome outcome;
        try (Stages stages = new Stages(own, ownWire, working, settings)) {
            RunRequest request = new RunRequest(
                    order.getRun(),
                    settings,
                    copied,
                    order.getReason(),
                    working,
                    variant.entry() == Entry.VERDICTS ? "recorded-" + lastRound() : "");
            order(own, ownWire, request);
            started = say("stages started", started);
            Round decision = new Curation(own, ownWire, stages::fault, messages).awaitVerdicts(request, progress);
            started = say("run", started);
            progress.say("writing the result");
            Map<String, Long> counts =
                    Exporter.write(own, ownWire, order.getRun(), out).counts();
            outcome = new Outcome(counts, decision.getSettings(), Map.of(), recordings.missing() - missing);
        }
        started = say("export written and stages stopped", started);
        // Once the stages have stopped, nothing more comes.
        Map<String, TopicPrint> prints = TopicPrint.of(own, ownWire, Topics.all(), Cut.now(own, Topics.all()));
        started = say("topics hashed", started);
        if (!place.keep()) {
            names.remove();
            say("topics removed", started);
        }
        return new Outcome(outcome.counts(), outcome.decision(), prints, outcome.notRecorded());
    }

    private static long say(String what, long sinceNanos) {
        long now = System.nanoTime();
        LOG.info("{} in {} ms", what, (now - sinceNanos) / 1_000_000);
        return now;
    }

    private int lastRound() {
        int[] last = {0};
        cut.read(base, Topics.ROUNDS, record -> {
            Round round = wire.topicSerde(record.topic(), Round.class)
                    .deserializer()
                    .deserialize(record.topic(), record.value());
            if (round.getRun() == order.getRun()) {
                last[0] = Math.max(last[0], round.getRound());
            }
        });
        return last[0];
    }

    private static void makeTopics(Installation own) {
        Map<String, Object> settings = new HashMap<>(own.client());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, own.bootstrap());
        try (Admin admin = Admin.create(settings)) {
            new TopicSetup(admin, own.prefix(), own.pairPartitions(), own.replication()).createAndCheck(Topics.all());
        }
    }

    private static void order(Installation own, Wire wire, RunRequest request) {
        String topic = own.prefix() + Topics.RUNS.name();
        Map<String, Object> settings = new TreeMap<>(own.client());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, own.bootstrap());
        byte[] bytes = wire.topicSerde(topic, RunRequest.class).serializer().serialize(topic, request);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "run-" + request.getRun(), bytes))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ordering a replay", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot order a replay: " + e.getMessage(), e);
        }
    }

    /** The stages of one replay, running until they are closed. */
    private final class Stages implements AutoCloseable {

        private final List<Stage> opened = new ArrayList<>();
        private final List<StageApp> apps = new ArrayList<>();

        Stages(Installation own, Wire ownWire, List<String> names, Map<String, String> settings) {
            try {
                for (String name : names) {
                    Stage stage = open(name, own, ownWire, settings);
                    opened.add(stage);
                    StageEnvironment environment =
                            new StageEnvironment(name, own.prefix(), own.pairPartitions(), ownWire);
                    apps.add(new StageApp(name, stage.topology(environment), own, ownWire));
                }
                apps.forEach(StageApp::start);
                apps.forEach(app -> app.awaitRunning(LONGEST_START));
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        private Stage open(String name, Installation own, Wire ownWire, Map<String, String> settings) {
            return switch (name) {
                case "attribute-tagger" -> new TaggerStage(own, ownWire, settings, recordings);
                case "label-verifier" -> new VerifierStage(own, ownWire, settings, recordings);
                case "reward-scorer" -> new ScorerStage(own, ownWire, settings, recordings);
                default -> StageCatalogue.factory(name).open(own, ownWire, settings);
            };
        }

        Optional<String> fault() {
            return apps.stream()
                    .filter(app -> app.failed().isDone())
                    .map(app -> String.valueOf(app.failed().join().getMessage()))
                    .findFirst()
                    .or(() -> opened.stream()
                            .flatMap(stage -> stage.fault().stream())
                            .findFirst());
        }

        @Override
        public void close() {
            apps.parallelStream().forEach(StageApp::close);
            opened.forEach(Stage::close);
        }
    }
}
