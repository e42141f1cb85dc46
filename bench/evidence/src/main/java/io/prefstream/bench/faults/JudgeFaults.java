package io.prefstream.bench.faults;

import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.kittest.FakeLlmServer;
import io.prefstream.kittest.SampleFacts;
import io.prefstream.runner.app.LiveProcess;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.wire.CallIntent;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.RequestProvenance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for labels of made-up pairs from a judge that fails in eight ways, kills the label verifier again and again while it
 * asks, and counts what became of every request and what was paid for twice. The verifier runs in a process of its own;
 * broker, registry and judge run in this one, which nobody kills.
 */
public final class JudgeFaults {

    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);
    private static final Duration TELL_EVERY = Duration.ofMinutes(1);
    private static final int VECTOR = 384;

    private JudgeFaults() {}

    /**
     * Arguments: launcher, work folder, labels, kills, seed, share of each fault, latency in milliseconds, least and most
     * seconds between kills.
     */
    public static void main(String[] args) throws Exception {
        Path launcher = Path.of(args[0]);
        Path work = Path.of(args[1]);
        int labels = Integer.parseInt(args[2]);
        int kills = Integer.parseInt(args[3]);
        long seed = Long.parseLong(args[4]);
        FaultyJudge mind = new FaultyJudge(seed, Double.parseDouble(args[5]), Long.parseLong(args[6]));
        int least = Integer.parseInt(args[7]);
        int most = Integer.parseInt(args[8]);
        try (FakeLlmServer judge = FakeLlmServer.start(mind);
                LocalSystem system = LocalSystem.start(
                        work.resolve("data"), 4, new LocalSystem.Ports(0, 0), LiveProcess.Role.SERVE)) {
            feed(system, labels);
            Outcomes outcomes = new Outcomes(labels);
            long started = System.nanoTime();
            Process verifier = start(launcher, work, system, judge);
            int killed = 0;
            long nextKill = started + untilKill(seed, 0, least, most);
            long heard = started;
            long told = started;
            try (TopicReader reader = new TopicReader(
                    system.installation(),
                    system.wire(),
                    List.of(
                            Topics.LABELS,
                            Topics.JUDGE_VOTES,
                            Topics.CALL_INTENTS,
                            Topics.deadLetters("label-verifier")))) {
                while (!outcomes.isComplete()) {
                    int read = reader.poll(STEP, outcomes::take);
                    long now = System.nanoTime();
                    heard = read > 0 ? now : heard;
                    if (now - told > TELL_EVERY.toNanos()) {
                        told = now;
                        say("%.0f s, %d of %d requests ended", (now - started) / 1e9, outcomes.ended(), labels);
                    }
                    if (killed < kills && now > nextKill) {
                        verifier.destroyForcibly().waitFor();
                        killed++;
                        say(
                                "kill %d at %.0f s, %d of %d requests ended",
                                killed, (now - started) / 1e9, outcomes.ended(), labels);
                        verifier = start(launcher, work, system, judge);
                        nextKill = System.nanoTime() + untilKill(seed, killed, least, most);
                        heard = System.nanoTime();
                    }
                    if (!verifier.isAlive() || now - heard > LONGEST_SILENCE.toNanos()) {
                        throw new IllegalStateException(
                                "the verifier " + (verifier.isAlive() ? "does nothing" : "ended by itself")
                                        + "; see its log in " + work);
                    }
                }
                // Whatever comes twice would come now.
                for (int i = 0; i < 20; i++) {
                    reader.poll(STEP, outcomes::take);
                }
            }
            verifier.destroy();
            verifier.waitFor();
            report(outcomes, judge, mind, labels, killed, (System.nanoTime() - started) / 1e9);
        }
    }

    private static long untilKill(long seed, int kill, int least, int most) {
        long span = Math.floorMod(Hashes.of(seed, "kill", Integer.toString(kill)), (most - least) * 1000L + 1);
        return (least * 1000L + span) * 1_000_000L;
    }

    private static Process start(Path launcher, Path work, LocalSystem system, FakeLlmServer judge) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        launcher.toString(),
                        "stage",
                        "label-verifier",
                        "--bootstrap",
                        system.installation().bootstrap(),
                        "--registry",
                        system.installation().registry(),
                        "--state-dir",
                        work.resolve("state").toString(),
                        "--http-port",
                        "0",
                        "--session-timeout",
                        "10",
                        "--judge-url",
                        judge.url(),
                        "--judge-model",
                        "sage",
                        "--judge-timeout",
                        "3",
                        "--judge-concurrency",
                        "48",
                        "--judge-check",
                        "on")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        work.resolve("verifier.log").toFile()));
        builder.environment().put("PREFSTREAM_JAVA_OPTS", "-Xmx700m -XX:TieredStopAtLevel=1");
        return builder.start();
    }

    private static void feed(LocalSystem system, int labels) {
        Map<String, Object> settings = new HashMap<>(system.installation().client());
        settings.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, system.installation().bootstrap());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < labels; i++) {
                String id = String.format(Locale.ROOT, "%064x", i);
                byte[] vector = new byte[VECTOR];
                vector[i % VECTOR] = 127;
                send(
                        system,
                        producer,
                        Topics.PAIRS,
                        id,
                        SampleFacts.pair(id, "Number " + i + "?", "right-" + i, "wrong-" + i));
                send(system, producer, Topics.PAIR_ATTRIBUTES, id, SampleFacts.attributes(id));
                send(system, producer, Topics.PAIR_EMBEDDINGS, id, SampleFacts.embedding(id, vector));
            }
            producer.flush();
            for (int i = 0; i < labels; i++) {
                String id = String.format(Locale.ROOT, "%064x", i);
                LabelRequest request = LabelRequest.newBuilder()
                        .setPairId(id)
                        .setRound(1)
                        .setAnchors(List.of())
                        .setSimilarity(1)
                        .setStrategy("admitted")
                        .setProvenance(RequestProvenance.newBuilder()
                                .setStage("trainer")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .build())
                        .build();
                send(system, producer, Topics.LABEL_REQUESTS, id, request);
            }
        }
    }

    private static <T extends SpecificRecord> void send(
            LocalSystem system, KafkaProducer<String, byte[]> producer, Topic<T> topic, String key, T value) {
        byte[] bytes = system.wire()
                .topicSerde(topic.name(), topic.type())
                .serializer()
                .serialize(topic.name(), value);
        var _ = producer.send(new ProducerRecord<>(topic.name(), key, bytes));
    }

    /** What the verifier made of the requests. */
    private static final class Outcomes {
        private final int labels;
        private final Map<String, Integer> byPair = new HashMap<>();
        private final Map<String, Set<String>> starts = new HashMap<>();
        private final Map<String, Integer> kinds = new TreeMap<>();
        private final Set<String> unjudged = new HashSet<>();

        Outcomes(int labels) {
            this.labels = labels;
        }

        void take(String topic, @Nullable String key, SpecificRecord value) {
            switch (value) {
                case Label label -> end(label.getPairId(), "label " + label.getOutcome());
                case DeadLetter letter -> {
                    String pair = String.valueOf(letter.getPairId());
                    end(pair, "dead letter: " + reason(letter.getError()));
                    unjudged.add(pair);
                }
                case CallIntent intent ->
                    starts.computeIfAbsent(intent.getCallId() + "#" + intent.getAttempt(), c -> new HashSet<>())
                            .add(intent.getStart());
                case JudgeVote vote -> {
                    // Its label or its dead letter counts.
                }
                default -> throw new IllegalStateException("unexpected record on " + topic);
            }
        }

        private void end(String pair, String how) {
            byPair.merge(pair, 1, Integer::sum);
            kinds.merge(how, 1, Integer::sum);
        }

        private static String reason(String error) {
            return error.replaceAll("http://\\S+", "the endpoint").replaceAll("\\d+ tries", "N tries");
        }

        int ended() {
            return byPair.size();
        }

        boolean isComplete() {
            return byPair.size() == labels;
        }

        long inFlight() {
            return starts.values().stream().mapToLong(s -> s.size() - 1L).sum();
        }

        long more() {
            return byPair.values().stream().filter(n -> n > 1).count();
        }
    }

    private static void report(
            Outcomes outcomes, FakeLlmServer judge, FaultyJudge mind, int labels, int killed, double seconds) {
        long twice = judge.delivered().values().stream().mapToLong(n -> n - 1L).sum();
        say("%d requests, %d kills, %.0f s", labels, killed, seconds);
        new TreeMap<>(outcomes.kinds).forEach((how, n) -> say("  %6d %s", n, how));
        say("requests to the endpoint %d, faults %s", judge.requests(), new TreeMap<>(mind.faults()));
        say("calls under way at the kills %d, answered and paid for twice %d", outcomes.inFlight(), twice);
        List<String> wrong = new ArrayList<>();
        if (!outcomes.isComplete() || outcomes.more() > 0) {
            wrong.add(outcomes.more() + " requests ended more than once, " + (labels - outcomes.ended()) + " never");
        }
        if (twice > outcomes.inFlight()) {
            wrong.add("more was paid for twice than was under way");
        }
        wrong.forEach(fault -> say("WRONG: %s", fault));
        say(wrong.isEmpty() ? "every request ended in one label or one dead letter" : "failed");
        if (!wrong.isEmpty()) {
            System.exit(1);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
