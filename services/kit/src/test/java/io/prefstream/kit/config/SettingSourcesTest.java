package io.prefstream.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.judge.Judge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

class SettingSourcesTest {

    @TempDir
    private Path folder;

    @Test
    void theLaunchersAndTheTestsVariablesAreNoSettings() {
        Map<String, String> environment = Map.of(
                "PREFSTREAM_JAVA_HOME", "/jdk",
                "PREFSTREAM_JAVA_OPTS", "-Xmx1g",
                "PREFSTREAM_PROFILES", "pytorch",
                "PREFSTREAM_DATA", "/data");
        assertThat(SettingSources.gather(null, environment, Map.of()).run())
                .isEqualTo(SettingSources.gather(null, Map.of(), Map.of()).run());
    }

    @Test
    void aFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault() throws IOException {
        Path file = file("a.yml", """
                prefstream:
                  rounds: 2
                  seed: 2
                  gold.min: 2
                """);

        Settings settings = SettingSources.gather(
                file, env("PREFSTREAM_ROUNDS", "3", "PREFSTREAM_SEED", "3"), Map.of("rounds", "4"));

        assertThat(settings.get(Setting.ROUNDS)).isEqualTo(4);
        assertThat(settings.get(Setting.SEED)).isEqualTo(3);
        assertThat(settings.get(Setting.GOLD_MIN)).isEqualTo(2);
        assertThat(settings.get(Setting.TO_LABEL)).isEqualTo(200);
        assertThat(settings.isGiven(Setting.GOLD_MIN)).isTrue();
        assertThat(settings.isGiven(Setting.TO_LABEL)).isFalse();
    }

    @Test
    void keepsForPeopleNoMoreThanThereIs() {
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("budget.human-reserve", "20%")))
                .hasMessageContaining("needs budget.usd");
        assertThatThrownBy(() ->
                        SettingSources.gather(null, Map.of(), Map.of("budget.human-reserve", "20", "budget.usd", "10")))
                .hasMessageContaining("got 20 of 10.0");
        assertThatThrownBy(() -> SettingSources.gather(
                        null, Map.of(), Map.of("budget.human-reserve", "120%", "budget.usd", "10")))
                .hasMessageContaining("at most 100%");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("stop.gain", "3/week")))
                .hasMessageContaining("points such as 0.3");
        assertThat(SettingSources.gather(null, Map.of(), Map.of("stop.gain", "0.3/usd", "human.price", "0.5"))
                        .run())
                .containsEntry("stop.gain", "0.3/usd")
                .containsEntry("human.price", "0.5")
                .doesNotContainKey("stop.rounds");
    }

    @Test
    void readsPropertiesAndTheFileThatTheEnvironmentNames() throws IOException {
        Path file = file("a.properties", "prefstream.state-dir=/data\nprefstream.kafka.sasl.mechanism=PLAIN\n");

        Settings settings = SettingSources.gather(null, env("PREFSTREAM_CONFIG", file.toString()), Map.of());

        assertThat(settings.get(Setting.STATE_DIR)).isEqualTo(Path.of("/data"));
        assertThat(settings.kafka()).containsExactly(Map.entry("sasl.mechanism", "PLAIN"));
    }

    @Test
    void takesAVariableOfTheEnvironmentIntoAValueOfTheFile() throws IOException {
        Path there = file("a.yml", "prefstream.instance: at-${PATH}");
        Path missing = file("b.yml", "prefstream.instance: at-${PREFSTREAM_TEST_NO_SUCH}");

        assertThat(SettingSources.gather(there, Map.of(), Map.of()).get(Setting.INSTANCE))
                .isEqualTo("at-" + System.getenv("PATH"));
        assertThatThrownBy(() -> SettingSources.gather(missing, Map.of(), Map.of()))
                .hasMessageContaining("prefstream.instance in b.yml names a variable that is not set");
    }

    @Test
    void passesOnWhatBelongsToTheClients() {
        Settings settings = SettingSources.gather(
                null,
                env(
                        "PREFSTREAM_KAFKA_SECURITY_PROTOCOL", "SSL",
                        "PREFSTREAM_KAFKA_PORT", "9192",
                        "PREFSTREAM_SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "u:p"),
                Map.of());

        assertThat(settings.kafka()).containsExactly(Map.entry("security.protocol", "SSL"));
        assertThat(settings.get(Setting.KAFKA_PORT)).isEqualTo(9192);
        assertThat(settings.schemaRegistry()).containsExactly(Map.entry("basic.auth.user.info", "u:p"));
    }

    @Test
    void readsJudgesByNameEachWithItsOwnSettings() throws IOException {
        Path file = file("a.yml", """
                prefstream:
                  judge.samples: 2
                  budget.usd: 5
                  judges:
                    owl:
                      url: https://owl.example/v1
                      model: owl-large
                      price: 3,15
                      requests-per-minute: 60
                      api-key: secret-owl
                    crow: {url: http://localhost:8000/v1, model: crow-7b, samples: 4, family: corvid}
                """);

        Settings settings =
                SettingSources.gather(file, env("PREFSTREAM_JUDGES_CROW_MAX_OUTPUT_TOKENS", "99"), Map.of());

        List<Judge> judges = Judge.all(settings.stages());
        assertThat(judges).extracting(Judge::name).containsExactly("crow", "owl");
        assertThat(judges.get(0).samples()).isEqualTo(4);
        assertThat(judges.get(0).family()).isEqualTo("corvid");
        assertThat(judges.get(0).maxOutputTokens()).isEqualTo(99);
        assertThat(judges.get(1).samples()).isEqualTo(2);
        assertThat(judges.get(1).requestsPerMinute()).isEqualTo(60);
        assertThat(judges.get(1).outputPrice()).isEqualTo(15);
        assertThat(judges.get(1).family()).isEqualTo("owl");
        assertThat(settings.run())
                .containsEntry("judges.owl.model", "owl-large")
                .doesNotContainKeys("judges.owl.api-key", "judges.owl.url");
        assertThat(settings.toString()).doesNotContain("secret-owl");
    }

    @Test
    void refusesJudgesThatAreNotWholeOrHaveUnknownSettings() throws IOException {
        Path unknown = file("a.yml", "prefstream.judges.owl.modle: x");
        Path noModel = file("b.yml", "prefstream.judges.owl.url: http://localhost/v1");
        Path noPrice = file("c.yml", "prefstream.judges.owl: {url: 'https://owl.example/v1', model: x}");
        Path noBudget = file("d.yml", "prefstream.judges.owl: {url: 'https://owl.example/v1', model: x, price: '1,2'}");
        Path wrong = file("e.yml", "prefstream.judges.owl.samples: many");

        assertFault(unknown, "judges.owl.modle in a.yml is no setting; is it judges.owl.model?");
        assertFault(noModel, "judges.owl needs a model");
        assertFault(noPrice, "judges.owl.price must say what owl.example charges");
        assertFault(noBudget, "calls to https://owl.example/v1 cost money, and no budget limits them");
        assertFault(wrong, "judges.owl.samples in e.yml must be a whole number in 1..32, got many");
    }

    private static void assertFault(Path file, String message) {
        assertThatThrownBy(() -> SettingSources.gather(file, Map.of(), Map.of()))
                .hasMessageContaining(message);
    }

    @Test
    void saysEveryFaultAtOnceWithItsPlaceAndTheNearestName() throws IOException {
        Path file = file("a.yml", """
                prefstream:
                  ruonds: 2
                  keep: high
                  kafka.sasl.mechanisn: PLAIN
                seed: 1
                """);

        assertThatThrownBy(() -> SettingSources.gather(
                        file,
                        env("PREFSTREAM_PARTITONS", "4", "PREFSTREAM_THREADS", "0"),
                        Map.of("http-port", "65536")))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("prefstream.ruonds in a.yml is no setting; is it rounds?")
                .hasMessageContaining("prefstream.keep in a.yml must be a number in 0..1, got high")
                .hasMessageContaining("is it kafka.sasl.mechanism?")
                .hasMessageContaining("seed in a.yml is no setting")
                .hasMessageContaining("PREFSTREAM_PARTITONS is no setting; is it partitions?")
                .hasMessageContaining("PREFSTREAM_THREADS must be a whole number in 1..256, got 0")
                .hasMessageContaining("--http-port must be a whole number in 0..65535, got 65536");
    }

    @Test
    void refusesAFileThatIsNotThereOrNotWellFormed() throws IOException {
        Path broken = file("a.yml", "prefstream: [secret\n");

        assertThatThrownBy(() -> SettingSources.gather(folder.resolve("b.yml"), Map.of(), Map.of()))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> SettingSources.gather(folder.resolve("b.toml"), Map.of(), Map.of()))
                .hasMessageContaining("must end with .yml");
        assertThatThrownBy(() -> SettingSources.gather(broken, Map.of(), Map.of()))
                .hasMessageContaining("is not well-formed")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesAFlipThatIsNotBelowKeep() {
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("flip", "0.9")))
                .hasMessageContaining("flip must be below keep, got 0.9 and 0.85");
    }

    @Test
    void refusesAPricedEndpointWithoutABudgetAndForecastsTheCost() {
        Map<String, String> flags =
                Map.of("judge.url", "https://api.example.com/v1", "judge.model", "m", "judge.price", "1,2");

        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), flags)).hasMessageContaining("$56.00");
        assertThatThrownBy(() -> SettingSources.gather(
                        null, Map.of(), Map.of("judge.url", "https://api.example.com/v1", "judge.model", "m")))
                .hasMessageContaining("judge.price must say what api.example.com charges");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("judge.model", "m")))
                .hasMessageContaining("judge.model needs judge.url");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("tagger.model", "m")))
                .hasMessageContaining("tagger.model needs judge.url");
    }

    @Test
    void recordsWhatDecidesARunAndNeverTheKey() throws IOException {
        Path file = file("a.yml", """
                prefstream:
                  judge: {url: "http://localhost:1/v1", model: m, api-key: sk-secret}
                """);

        Settings settings = SettingSources.gather(file, Map.of(), Map.of());

        assertThat(settings.run()).containsEntry("judge.model", "m").doesNotContainKeys("judge.url", "judge.api-key");
        assertThat(settings.stages()).containsEntry("judge.api-key", "sk-secret");
        assertThat(settings.toString()).doesNotContain("sk-secret");
        assertThat(SettingSources.gather(null, env("OPENAI_API_KEY", "k"), Map.of())
                        .run())
                .containsOnlyKeys(
                        "rounds",
                        "seed",
                        "decision",
                        "fusion",
                        "gold.min",
                        "keep",
                        "flip",
                        "to-label",
                        "near-duplicates",
                        "pii",
                        "pii.drop-from",
                        "retrieval.strategy",
                        "retrieval.control");
    }

    @Test
    void recordsStrategyAndQuotasAsTheyWereGiven() {
        Settings settings = SettingSources.gather(
                null, Map.of(), Map.of("retrieval.strategy", "posterior", "retrieval.quotas", "Math/*=30%"));

        assertThat(settings.run())
                .containsEntry("retrieval.strategy", "posterior")
                .containsEntry("retrieval.quotas", "Math/*=30%");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("retrieval.quotas", "Math=0.3")))
                .hasMessageContaining("Math/*=30%");
    }

    @Test
    void recordsFeaturesInOneOrderAndRefusesUnknownOnes() {
        Settings settings =
                SettingSources.gather(null, Map.of(), Map.of("features", "structural, encoder", "penalty", "gold"));

        assertThat(settings.run())
                .containsEntry("features", "encoder,structural")
                .containsEntry("penalty", "gold");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("features", "colour")))
                .hasMessageContaining("must be one or more of encoder,lexical,structural, got colour");
    }

    @Test
    void recordsASelectionOnlyWhereOneIsGiven() {
        assertThat(SettingSources.gather(null, Map.of(), Map.of()).run().keySet())
                .noneMatch(name -> name.startsWith("selection"));
        assertThat(SettingSources.gather(null, Map.of(), Map.of("selection", "preset", "selection.share", "0.2"))
                        .run())
                .containsEntry("selection", "preset")
                .containsEntry("selection.share", "0.2");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("selection.share", "0")))
                .hasMessageContaining("above 0");
    }

    @Test
    void readsFlagsOfACommandAndHidesTheKeyFromIt() {
        CommandSpec command = CommandSpec.create();

        SettingFlags.addTo(command, Setting.ALL);

        assertThat(command.findOption("--gold-min")).isNotNull();
        assertThat(command.findOption("--judge-calls")).isNotNull();
        assertThat(command.findOption(Setting.JUDGE_API_KEY.flag())).isNull();
        assertThat(command.findOption("--rounds").description()).containsExactly(Setting.ROUNDS.doc() + " (8)");
    }

    @Test
    void everyDefaultIsOneThatItsOwnCheckAccepts() {
        List<String> names = Setting.ALL.stream().<String>map(Setting::name).toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(SettingSources.gather(null, Map.of(), Map.of()).get(Setting.KEEP))
                .isEqualTo(0.85);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, String> env(String... pairs) {
        Map<String, String> env = new HashMap<>();
        List<String> all = Arrays.asList(pairs);
        for (int i = 0; i < all.size(); i += 2) {
            env.put(all.get(i), all.get(i + 1));
        }
        return env;
    }

    @Test
    void modelsHaveTheirPlacesAndKeysAndNoRunRecordsThem() {
        Settings settings = SettingSources.gather(
                null,
                Map.of(
                        "AWS_ACCESS_KEY_ID",
                        "key",
                        "AWS_SECRET_ACCESS_KEY",
                        "very-secret",
                        "PREFSTREAM_MODELS_ALLOWED",
                        "s3://models/,/srv/models"),
                Map.of("models.devices", "0,1"));

        assertThat(settings.models())
                .containsEntry("models.allowed", "s3://models/,/srv/models")
                .containsEntry("models.s3.access-key-id", "key")
                .containsEntry("models.s3.secret-access-key", "very-secret")
                .containsEntry("models.s3.region", "us-east-1")
                .containsEntry("models.devices", "0,1")
                .containsEntry("models.instances", "0")
                .containsEntry("models.batch-tokens", "32768");
        assertThat(settings.stages()).containsAllEntriesOf(settings.models());
        assertThat(settings.run()).doesNotContainKeys("models.allowed", "models.devices", "models.s3.region");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of("AWS_ACCESS_KEY_ID", "key"), Map.of()))
                .hasMessageContaining("need each other");
        assertThatThrownBy(() -> SettingSources.gather(null, Map.of(), Map.of("models.devices", "tpu")))
                .hasMessageContaining("--models-devices must be cpu, gpu, or numbers");
    }
}
