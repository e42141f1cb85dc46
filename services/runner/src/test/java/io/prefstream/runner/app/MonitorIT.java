package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prefstream.kit.config.SettingSources;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.service.Metric;
import io.prefstream.kit.service.Monitor;
import io.prefstream.kit.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health and metrics of a served system, as a probe and a scraper see them. */
class MonitorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void followsTheStagesFromStartToStop() throws Exception {
        AtomicReference<String> url = new AtomicReference<>();
        try (LocalSystem system = LocalSystem.start(folder, 1, new LocalSystem.Ports(0, 0));
                Monitor monitor = Monitor.start("127.0.0.1", 0, system::stages, system::faultBesideTheStreams)) {
            url.set(monitor.url());
            assertThat(get(monitor, "/health/liveness").statusCode()).isEqualTo(200);
            assertThat(get(monitor, "/health/readiness").statusCode()).isEqualTo(503);
            assertThat(get(monitor, "/health").body()).contains("are being made");
            refusesAPortThatIsTaken(monitor);

            system.startStages(SettingSources.gather(null, Map.of(), Map.of()).stages());
            system.stages().forEach(monitor::measure);

            assertThat(get(monitor, "/health").statusCode()).isEqualTo(200);
            assertThat(get(monitor, "/health/readiness").body()).contains("\"ingest\":\"RUNNING\"");
            String metrics = get(monitor, "/prometheus").body();
            for (Metric metric : Metric.values()) {
                assertThat(metrics).contains("# TYPE " + metric.prometheusName() + " ");
            }
            assertThat(metrics)
                    .contains("kafka_consumer_")
                    .contains("kafka_stream_")
                    .contains("jvm_memory_used_bytes");
            assertThat(metrics).doesNotContain("kafka_prefstream_").doesNotContain("kafka_stream_processor_node_");
            assertThat(value(metrics, "prefstream_rocksdb_memory_bytes")).isPositive();
            assertThat(get(monitor, "/beans").statusCode()).isEqualTo(404);

            sendWhatNobodyCanRead(system);

            await().atMost(PATIENCE).untilAsserted(() -> {
                String now = get(monitor, "/prometheus").body();
                assertThat(value(now, "prefstream_dead_letters_total{stage=\"ingest\"}"))
                        .isEqualTo(1);
                assertThat(
                                value(
                                        now,
                                        "prefstream_read_records_total{stage=\"consistency-filter\",topic=\"ingest-dead-letters\"}"))
                        .isEqualTo(1);
            });

            StageApp first = system.stages().getFirst();
            first.close();

            assertThat(get(monitor, "/health/liveness").statusCode()).isEqualTo(503);
            assertThat(get(monitor, "/health").body()).contains("\"ingest\":\"its state is NOT_RUNNING\"");
        }

        assertThatThrownBy(() -> get(url.get() + "/health")).isInstanceOf(IOException.class);
    }

    private static void refusesAPortThatIsTaken(Monitor monitor) {
        int taken = URI.create(monitor.url()).getPort();

        assertThatThrownBy(() -> Monitor.start("127.0.0.1", taken, List::of, Optional::empty))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("127.0.0.1:" + taken)
                .hasMessageContaining("--http-port");
    }

    private static void sendWhatNobodyCanRead(LocalSystem system) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", system.installation().bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] bytes = "no Avro".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topics.PAIRS_IN.name(), bytes, bytes))
                    .get();
        }
    }

    private HttpResponse<String> get(Monitor monitor, String path) throws IOException, InterruptedException {
        return get(monitor.url() + path);
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Value of a metric's line, or -1 when there is none. */
    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }
}
