package io.prefstream.kit.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.micronaut.runtime.server.EmbeddedServer;
import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.StageApp;
import io.prefstream.kit.run.StageHealth;
import io.prefstream.kit.topic.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Serves health and metrics of a process's stages: {@code /health}, {@code /health/liveness}, {@code /health/readiness}
 * and {@code /prometheus}, and nothing else.
 */
public final class Monitor implements AutoCloseable {

    /** Ours, which have names of their own, and those that Kafka keeps for every connection and node of a topology. */
    private static final Pattern TOO_FINE = Pattern.compile(
            "kafka\\.(prefstream|prefstream\\.figures|(consumer|producer|admin\\.client)\\.node|stream\\.processor\\.node)\\..*");

    private static final Map<String, Object> PLATFORM = Map.ofEntries(
            Map.entry("micronaut.application.name", "prefstream"),
            Map.entry("micronaut.netty.event-loops.default.num-threads", 1),
            Map.entry("endpoints.all.enabled", false),
            Map.entry("endpoints.health.enabled", true),
            Map.entry("endpoints.health.sensitive", false),
            Map.entry("endpoints.health.details-visible", "ANONYMOUS"),
            Map.entry("endpoints.health.discovery-client.enabled", false),
            Map.entry("endpoints.prometheus.enabled", true),
            Map.entry("endpoints.prometheus.sensitive", false));

    private final ApplicationContext context;
    private final EmbeddedServer server;
    private final MeterRegistry registry;
    private final List<AutoCloseable> bound = new ArrayList<>();
    private final List<Object> measured = new ArrayList<>(); // gauges hold what they measure weakly

    private Monitor(ApplicationContext context) {
        this.context = context;
        this.server = context.getBean(EmbeddedServer.class);
        this.registry = context.getBean(MeterRegistry.class);
        registry.config()
                .meterFilter(
                        MeterFilter.deny(id -> TOO_FINE.matcher(id.getName()).matches()));
    }

    /**
     * Starts to serve.
     *
     * @param port 0 takes a free one
     * @param stages the stages of the process; empty until they have been made
     * @param fault what the work beside the streams has died of; empty while all is well
     * @throws UserError when the port is taken
     */
    public static Monitor start(
            String host, int port, Supplier<List<StageApp>> stages, Supplier<Optional<String>> fault) {
        Map<String, Object> settings = new LinkedHashMap<>(PLATFORM);
        settings.put("micronaut.server.host", host);
        settings.put("micronaut.server.port", port == 0 ? -1 : port);
        ApplicationContext context = ApplicationContext.builder()
                .deduceEnvironment(false)
                .deduceCloudEnvironment(false)
                .environmentPropertySource(false)
                .enableDefaultPropertySources(false)
                .banner(false)
                .properties(settings)
                .beanDefinitions(
                        RuntimeBeanDefinition.builder(
                                        MeterFilter.class,
                                        () -> MeterFilter.deny(id ->
                                                TOO_FINE.matcher(id.getName()).matches()))
                                .singleton(true)
                                .build(),
                        RuntimeBeanDefinition.builder(
                                        HealthIndicator.class,
                                        () -> indicator("alive", stages, fault, StageHealth::live))
                                .qualifier(Qualifiers.byStereotype(Liveness.class))
                                .singleton(true)
                                .build(),
                        RuntimeBeanDefinition.builder(
                                        HealthIndicator.class,
                                        () -> indicator("stages", stages, fault, StageHealth::ready))
                                .singleton(true)
                                .build())
                .build();
        try {
            context.start();
            Monitor monitor = new Monitor(context);
            monitor.server.start();
            return monitor;
        } catch (ServerStartupException | BeanInstantiationException e) {
            context.close();
            throw new UserError("health and metrics cannot be served on " + host + ":" + port + ": " + cause(e)
                    + "; give " + Setting.HTTP_PORT.flag() + " another port, or 0 for a free one");
        }
    }

    /** Base URL. */
    public String url() {
        return "http://" + server.getHost() + ":" + server.getPort();
    }

    /** Measures a stage that has been started. */
    public void measure(StageApp stage) {
        KafkaStreamsMetrics client = new KafkaStreamsMetrics(stage.streams(), Tags.of("stage", stage.stage()));
        client.bindTo(registry);
        bound.add(client);
        Reading reading = new Reading(stage);
        measured.add(reading);
        measured.add(stage);
        for (Metric metric : Metric.values()) {
            switch (metric) {
                case READ, LAG -> stage.reads().forEach(topic -> register(metric, stage, reading, topic));
                case WRITTEN -> stage.writes().forEach(topic -> register(metric, stage, reading, topic));
                case AGREEMENT -> {
                    if (stage.reads().contains(Topics.VOTES.name())) {
                        for (AgreementBoard.Scope scope : AgreementBoard.Scope.values()) {
                            register(metric, stage, reading, scope.metric());
                        }
                    }
                }
                case DEAD_LETTERS, READY, RESTORE, ROCKSDB -> register(metric, stage, reading, "");
            }
        }
    }

    private void register(Metric metric, StageApp stage, Reading reading, String topic) {
        Tags tags = Tags.empty();
        if (!metric.tags().isEmpty()) {
            tags = tags.and("stage", stage.stage());
        }
        if (!topic.isEmpty()) {
            tags = tags.and(metric == Metric.AGREEMENT ? "figure" : "topic", topic);
        }
        if (metric.isCounter()) {
            FunctionCounter.builder(metric.id(), stage, app -> metric.of(app, reading, topic))
                    .baseUnit(metric.unit())
                    .tags(tags)
                    .description(metric.meaning())
                    .register(registry);
        } else {
            Gauge.builder(metric.id(), stage, app -> metric.of(app, reading, topic))
                    .baseUnit(metric.unit())
                    .tags(tags)
                    .description(metric.meaning())
                    .register(registry);
        }
    }

    @Override
    public void close() {
        for (AutoCloseable client : bound) {
            try {
                client.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot let go of a client's metrics", e);
            }
        }
        context.close();
    }

    private static HealthIndicator indicator(
            String name,
            Supplier<List<StageApp>> stages,
            Supplier<Optional<String>> fault,
            Predicate<StageHealth> well) {
        return () -> Publishers.just(result(name, stages.get(), fault.get(), well));
    }

    private static HealthResult result(
            String name, List<StageApp> stages, Optional<String> fault, Predicate<StageHealth> well) {
        Map<String, String> details = new LinkedHashMap<>();
        boolean up = fault.isEmpty();
        fault.ifPresent(message -> details.put("fault", message));
        for (StageApp stage : stages) {
            StageHealth health = stage.health();
            up &= well.test(health);
            details.put(stage.stage(), health.reason());
        }
        if (stages.isEmpty()) {
            details.put("stages", "are being made");
            up &= well.test(new StageHealth(true, false, ""));
        }
        return HealthResult.builder(name, up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }

    private static String cause(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
