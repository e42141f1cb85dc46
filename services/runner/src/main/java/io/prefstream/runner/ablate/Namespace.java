package io.prefstream.runner.ablate;

import io.prefstream.kit.run.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;

/** Topics, consumer groups and state folders of one replay, which carry its prefix and belong to nobody else. */
final class Namespace {

    private final Installation installation;
    private final Path folder;

    /**
     * A replay's names.
     *
     * @param folder folder of its state stores
     */
    Namespace(Installation installation, Path folder) {
        if (installation.prefix().isEmpty()) {
            throw new IllegalArgumentException("a replay has a prefix, or it would take away the base's topics");
        }
        this.installation = installation;
        this.folder = folder;
    }

    /** Takes all of it away. */
    void remove() {
        Map<String, Object> settings = new HashMap<>(installation.client());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, installation.bootstrap());
        try (Admin admin = Admin.create(settings)) {
            List<String> topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(installation.prefix()))
                    .toList();
            admin.deleteTopics(topics).all().get();
            List<String> groups = admin.listGroups(ListGroupsOptions.forConsumerGroups()).all().get().stream()
                    .map(GroupListing::groupId)
                    .filter(name -> name.startsWith(installation.prefix()))
                    .toList();
            for (String group : groups) {
                // Its members are static, and would be waited for until their session ends.
                if (!admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                        .allMatch(described -> described.members().isEmpty())) {
                    admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                            .all()
                            .get();
                }
                admin.deleteConsumerGroups(List.of(group)).all().get();
            }
            while (admin.listTopics().names().get().stream().anyMatch(topics::contains)) {
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while removing a replay", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot remove the topics of a replay: " + e.getMessage(), e);
        }
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + folder, e);
            }
        }
    }
}
