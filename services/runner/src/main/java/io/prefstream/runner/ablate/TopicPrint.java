package io.prefstream.runner.ablate;

import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.Vote;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a topic holds, as one number that doesn't depend on order or partitions.
 *
 * @param records distinct facts; of those that replace each other the last
 * @param sha256 sum, modulo 2^256, of the SHA-256 of each one's key and value, in lower-case hex
 */
record TopicPrint(long records, String sha256) {

    /** Views, whose content depends on when it is told; topics of parts, on partitions; and the order of a run. */
    private static final Set<Topic<?>> NO_FACTS = Set.of(
            Topics.PROGRESS,
            Topics.AGREEMENT,
            Topics.ANNOTATORS,
            Topics.JUDGE_STATS,
            Topics.CLEANING_COUNTS,
            Topics.RETRIEVAL_ANSWERS,
            Topics.NEAR_DUPLICATE_BANDS,
            Topics.RUNS);

    private static final int HEADER = 5; // magic byte and schema id, which is the registry's and no content

    /** Prints of topics up to a cut, by name. What is no fact is left out. */
    static Map<String, TopicPrint> of(Installation installation, Wire wire, Collection<Topic<?>> topics, Cut cut) {
        Map<String, Topic<?>> named = new TreeMap<>();
        topics.stream().filter(topic -> !NO_FACTS.contains(topic)).forEach(topic -> named.put(topic.name(), topic));
        Map<String, Map<String, BigInteger>> facts = new TreeMap<>(); // those that replace each other under one name
        named.keySet().forEach(name -> facts.put(name, new HashMap<>()));
        cut.read(installation, named.values(), (name, record) -> {
            Map<String, BigInteger> of = Objects.requireNonNull(facts.get(name));
            String key = record.key() == null ? "" : record.key();
            BigInteger one = hash(key, record.value());
            if (name.equals(Topics.VOTES.name())) {
                of.put(vote(wire, record), one);
            } else if (!Objects.requireNonNull(named.get(name)).compacted()) {
                of.put(one.toString(Character.MAX_RADIX), one);
            } else if (record.value() == null) {
                of.remove(key);
            } else {
                of.put(key, one);
            }
        });
        Map<String, TopicPrint> prints = new TreeMap<>();
        facts.forEach((name, of) -> prints.put(name, of(of.values())));
        return prints;
    }

    /** Name of a vote; a later one of this name replaces it, as when its pair's category has come. */
    private static String vote(Wire wire, ConsumerRecord<String, byte[]> record) {
        Vote vote =
                wire.topicSerde(record.topic(), Vote.class).deserializer().deserialize(record.topic(), record.value());
        return vote.getPairId() + "/" + vote.getVoteId();
    }

    private static TopicPrint of(Collection<BigInteger> hashes) {
        BigInteger sum = hashes.stream().reduce(BigInteger.ZERO, BigInteger::add);
        return new TopicPrint(hashes.size(), String.format("%064x", sum.mod(BigInteger.TWO.pow(256))));
    }

    private static BigInteger hash(String key, byte @Nullable [] value) {
        MessageDigest digest = digest();
        digest.update(key.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        if (value != null && value.length > HEADER) {
            digest.update(value, HEADER, value.length - HEADER);
        }
        return new BigInteger(1, digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
