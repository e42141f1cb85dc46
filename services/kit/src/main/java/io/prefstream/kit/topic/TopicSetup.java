package io.prefstream.kit.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates what is missing of the topic table and refuses what differs from it. */
public final class TopicSetup {

    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Admin admin;
    private final String prefix;
    private final int pairPartitions;
    private final short replication;

    /** Works through {@code admin}, which stays the caller's to close. */
    public TopicSetup(Admin admin, String prefix, int pairPartitions, short replication) {
        this.admin = admin;
        this.prefix = prefix;
        this.pairPartitions = pairPartitions;
        this.replication = replication;
    }

    /**
     * Creates missing topics, then checks partitions, retention and cleanup of all.
     *
     * @throws IllegalStateException naming every topic that differs, with the cure
     */
    public void createAndCheck(Collection<Topic<?>> topics) {
        Set<String> existing = get(admin.listTopics().names());
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !existing.contains(prefix + topic.name()))
                .map(topic -> new NewTopic(prefix + topic.name(), topic.partitions(pairPartitions), replication)
                        .configs(topic.settings()))
                .toList();
        admin.createTopics(missing).values().values().forEach(TopicSetup::made);
        awaitSeen(missing.stream().map(NewTopic::name).toList());
        check(topics);
    }

    /** The controller has made the topics; the broker that is asked may hear of them later. */
    private void awaitSeen(Collection<String> names) {
        long until = System.nanoTime() + LONGEST_UNSEEN.toNanos();
        try {
            while (!get(admin.listTopics().names()).containsAll(names) && System.nanoTime() < until) {
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for new topics", e);
        }
    }

    /**
     * Checks that every topic is there as the table says.
     *
     * @throws IllegalStateException naming every topic that is missing or differs, with the cure
     */
    public void check(Collection<Topic<?>> topics) {
        Set<String> existing = get(admin.listTopics().names());
        List<String> faults = new ArrayList<>();
        Map<String, Topic<?>> present = new TreeMap<>();
        for (Topic<?> topic : topics) {
            if (existing.contains(prefix + topic.name())) {
                present.put(prefix + topic.name(), topic);
            } else {
                faults.add("topic " + prefix + topic.name() + " is missing: create it with "
                        + topic.partitions(pairPartitions) + " partitions");
            }
        }
        Map<String, TopicDescription> descriptions =
                get(admin.describeTopics(present.keySet()).allTopicNames());
        Map<String, Config> configs = new HashMap<>();
        get(admin.describeConfigs(present.keySet().stream()
                                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                .toList())
                        .all())
                .forEach((resource, config) -> configs.put(resource.name(), config));
        present.forEach((name, topic) -> {
            int found =
                    Objects.requireNonNull(descriptions.get(name)).partitions().size();
            int wanted = topic.partitions(pairPartitions);
            if (found != wanted) {
                faults.add("topic " + name + " has " + found + " partitions and " + wanted
                        + " are configured: keys would move, so use the same number or a new data folder or prefix");
            }
            for (String key : List.of("cleanup.policy", "retention.ms")) {
                String value =
                        Objects.requireNonNull(configs.get(name)).get(key).value();
                if (!Objects.equals(topic.settings().get(key), value)) {
                    faults.add("topic " + name + " has " + key + "=" + value + ", which would lose records: set it to "
                            + topic.settings().get(key));
                }
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalStateException(String.join("; ", faults));
        }
    }

    /** Waits for a topic; that another stage was quicker is no fault. */
    private static void made(KafkaFuture<Void> topic) {
        get(topic.toCompletionStage().exceptionally(error -> {
            if (error instanceof TopicExistsException) {
                return null;
            }
            throw new CompletionException(error);
        }));
    }

    private static <T> T get(CompletionStage<T> future) {
        try {
            return future.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw refused(e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the broker", e);
        } catch (ExecutionException e) {
            throw refused(e);
        }
    }

    private static IllegalStateException refused(Exception e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        return new IllegalStateException("the broker refused: " + cause.getMessage(), cause);
    }
}
