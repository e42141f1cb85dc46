package io.prefstream.runner.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.kit.topic.TopicSetup;
import io.prefstream.kit.topic.Topics;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    @Test
    void keepsItsTopicsOverARestartAndRefusesAnotherPartitionCount(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                Admin admin = admin(broker)) {
            new TopicSetup(admin, "", 4, (short) 1).createAndCheck(Topics.all());
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                Admin admin = admin(broker)) {
            assertThat(admin.listTopics().names().get()).contains("pairs", "checkpoints", "ingest-dead-letters");
            new TopicSetup(admin, "", 4, (short) 1).check(Topics.all());
            assertThatThrownBy(() -> new TopicSetup(admin, "", 1, (short) 1).check(Topics.all()))
                    .hasMessageContaining("topic pairs has 4 partitions and 1 are configured");
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()));
    }
}
