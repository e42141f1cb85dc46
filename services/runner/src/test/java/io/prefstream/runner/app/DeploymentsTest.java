package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds the compose file and the Kubernetes manifests to the stages that there are. */
class DeploymentsTest {

    private static final Path ROOT = Path.of("..", "..");

    static List<String> stages() {
        return Topics.STAGES;
    }

    @Test
    void kubernetesHasAFolderForEachStageAndNoOther() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT.resolve("k8s"))) {
            assertThat(entries.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Topics.STAGES);
        }
        assertThat(texts(yaml("k8s/kustomization.yaml").get("resources"))).containsAll(Topics.STAGES);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void kubernetesRunsTheStageUnderItsName(String stage) throws IOException {
        Map<?, ?> set = yaml("k8s/" + stage + "/statefulset.yaml");
        Map<?, ?> service = yaml("k8s/" + stage + "/service.yaml");

        assertThat(at(set, "metadata", "name")).isEqualTo(stage);
        assertThat(at(set, "spec", "serviceName")).isEqualTo(at(service, "metadata", "name"));
        assertThat(at(service, "spec", "selector")).isEqualTo(at(set, "spec", "selector", "matchLabels"));
        Map<?, ?> container = (Map<?, ?>) ((List<?>) at(set, "spec", "template", "spec", "containers")).getFirst();
        assertThat(texts(container.get("args"))).startsWith("stage", stage);
        assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/health/readiness");
        assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/health/liveness");
    }

    @ParameterizedTest
    @MethodSource("stages")
    void composeRunsTheStageOnAVolumeOfItsOwn(String stage) throws IOException {
        Map<?, ?> compose = yaml("docker-compose.yml");

        assertThat(texts(at(compose, "services", stage, "command"))).startsWith("stage", stage);
        assertThat(texts(at(compose, "services", stage, "volumes"))).containsExactly(stage + ":/data");
        assertThat(((Map<?, ?>) at(compose, "volumes")).containsKey(stage)).isTrue();
    }

    private static Map<?, ?> yaml(String file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(ROOT.resolve(file)));
    }

    private static Object at(Map<?, ?> map, String... path) {
        Object found = map;
        for (String key : path) {
            found = ((Map<?, ?>) found).get(key);
            assertThat(found).as(String.join("/", path)).isNotNull();
        }
        return found;
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(String::valueOf).toList();
    }
}
