package io.prefstream.bench.export;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Hashes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.wire.CuratedMessage;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairProvenance;
import io.prefstream.wire.Round;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import io.prefstream.wire.VerdictProvenance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes a data folder as a run leaves it that kept every pair: pairs, verdicts, published pairs and the run's steps, without running
 * a stage. Usage: {@code PublishedFolder DIR PAIRS}. Texts are words drawn by hash, some 1,200 characters an answer.
 */
public final class PublishedFolder {

    private static final String[] WORDS =
            "the model answers a question with facts and reasons that people can check before they trust it in their work"
                    .split(" ");

    private PublishedFolder() {}

    /** Makes the folder. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: PublishedFolder DIR PAIRS");
            System.exit(2);
        }
        int pairs = Integer.parseInt(arguments[1]);
        try (LocalSystem system = LocalSystem.start(Path.of(arguments[0]), 4, new LocalSystem.Ports(0, 0));
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                system.installation().bootstrap(),
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                262_144,
                                ProducerConfig.LINGER_MS_CONFIG,
                                20,
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                1),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < pairs; i++) {
                pair(system, producer, i);
            }
            for (String phase : List.of("decide", "done")) {
                send(
                        system,
                        producer,
                        Topics.ROUNDS,
                        "run-1/" + phase + "-1",
                        Round.newBuilder()
                                .setRun(1)
                                .setRound(1)
                                .setPhase(phase)
                                .setLabels(null)
                                .build());
            }
            producer.flush();
        }
        System.exit(0);
    }

    private static void pair(LocalSystem system, KafkaProducer<String, byte[]> producer, int i) {
        String prompt = "Question " + i / 3 + ": " + words(i / 3, "prompt", 20);
        String chosen = words(i, "chosen", 200);
        String rejected = words(i, "rejected", 200);
        List<Message> history = List.of(new Message("user", prompt));
        String id = PairIdentity.pairId(history, chosen, rejected);
        String group = String.format("%016x", Hashes.of(0, "group", prompt)).repeat(4);
        send(
                system,
                producer,
                Topics.PAIRS,
                id,
                Pair.newBuilder()
                        .setPairId(id)
                        .setMatchId(id)
                        .setPromptGroup(group)
                        .setHistory(List.of(new io.prefstream.wire.Message("user", prompt)))
                        .setChosen(chosen)
                        .setRejected(rejected)
                        .setBatch("000001")
                        .setOrdinal(i)
                        .setFile("made.jsonl")
                        .setLine(i + 1L)
                        .setSourceId("r-" + i)
                        .setMirrorPairId(null)
                        .setProvenance(PairProvenance.newBuilder()
                                .setStage("ingest")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .setInputs(List.of())
                                .setRevision(null)
                                .setCostUsd(null)
                                .build())
                        .build());
        send(
                system,
                producer,
                Topics.VERDICTS,
                id,
                Verdict.newBuilder()
                        .setPairId(id)
                        .setRevision(1)
                        .setRun(1)
                        .setVerdict(VerdictKind.KEEP)
                        .setRule("both-rms")
                        .setReason("made")
                        .setPRight(0.95)
                        .setPBest(0.9)
                        .setPGold(0.9)
                        .setJudges(null)
                        .setLabelSource("rm")
                        .setMargin(2.9)
                        .setMirrorPairId(null)
                        .setBestCheckpoint(null)
                        .setGoldCheckpoint(null)
                        .setProvenance(VerdictProvenance.newBuilder()
                                .setStage("consistency-filter")
                                .setStageVersion("1")
                                .setConfigHash("")
                                .setInputs(List.of())
                                .setRevision(null)
                                .setCostUsd(null)
                                .build())
                        .build());
        send(
                system,
                producer,
                Topics.CURATED_PAIRS,
                id,
                CuratedPair.newBuilder()
                        .setPairId(id)
                        .setSourcePairId(id)
                        .setSourceId("r-" + i)
                        .setPromptGroup(group)
                        .setHistory(List.of(new CuratedMessage("user", prompt)))
                        .setChosen(chosen)
                        .setRejected(rejected)
                        .setVerdict(VerdictKind.KEEP)
                        .setRule("both-rms")
                        .setLabelSource("rm")
                        .setMargin(2.9)
                        .setRevision(1)
                        .setRun(1)
                        .build());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // flush waits, and what failed would be missing in the export
    private static <T extends SpecificRecord> void send(
            LocalSystem system, KafkaProducer<String, byte[]> producer, Topic<T> topic, String key, T value) {
        byte[] bytes = system.wire()
                .topicSerde(topic.name(), topic.type())
                .serializer()
                .serialize(topic.name(), value);
        producer.send(new ProducerRecord<>(topic.name(), key, bytes));
    }

    private static String words(int i, String what, int n) {
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < n; w++) {
            text.append(w == 0 ? "" : " ")
                    .append(WORDS[Math.floorMod(Hashes.of(i, what, Integer.toString(w)), WORDS.length)]);
        }
        return text.toString();
    }
}
