package io.prefstream.runner.ablate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {

    @Test
    void readsWhatAVariantChangesAndWhereItBegins() {
        Plan plan = parse("""
                about: Does a stricter threshold pay?
                sizes: [0.5, 1]
                seeds: 3
                variants:
                  stricter: {keep: 0.9}
                  random: {retrieval.strategy: random, rounds: 2}
                  no-ann-7: {labels.without: [ann-7, "crowd-*"]}
                """);

        assertThat(plan.name()).isEqualTo("thresholds");
        assertThat(plan.sizes()).containsExactly(0.5, 1.0);
        assertThat(plan.seeds()).isEqualTo(3);
        assertThat(plan.variants()).extracting(Variant::name).containsExactly("base", "stricter", "random", "no-ann-7");
        assertThat(plan.variants())
                .extracting(Variant::entry)
                .containsExactly(Entry.ROUNDS, Entry.VERDICTS, Entry.ROUNDS, Entry.ROUNDS);
        assertThat(plan.variants().get(1).over(Map.of("keep", "0.85", "seed", "7")))
                .isEqualTo(Map.of("keep", "0.9", "seed", "7"));
        Variant.Labels labels = plan.variants().get(3).labels();
        assertThat(labels.take("r-1", "ann-7")).isFalse();
        assertThat(labels.take("r-1", "crowd-12")).isFalse();
        assertThat(labels.take("r-1", "ann-70")).isTrue();
        assertThat(labels.take("r-1", null)).isTrue();
    }

    @Test
    void aHoldOutTrainsEveryVariantAnew() {
        Plan plan = parse("{hold-out: 0.2, variants: {stricter: {keep: 0.9}}}");

        assertThat(plan.variants()).extracting(Variant::entry).containsOnly(Entry.ROUNDS);
    }

    @Test
    void aShareIsDrawnByHashAndASmallerOneLiesInALarger() {
        Plan plan = parse("variants: {half: {pairs.share: 0.5}, tenth: {pairs.share: 0.1}}");
        Variant half = plan.variants().get(1);
        Variant tenth = plan.variants().get(2);
        int halves = 0;
        for (int i = 0; i < 2000; i++) {
            halves += half.takes("pair" + i) ? 1 : 0;
            assertThat(half.takes("pair" + i) || !tenth.takes("pair" + i)).isTrue();
        }
        assertThat(halves).isBetween(900, 1100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "variants: {a: {kep: 0.9}} | variants.a.kep: no setting of a run",
                "variants: {a: {keep: 2}} | variants.a.keep = 2",
                "variants: {a: {judge.api-key: x}} | variants.a.judge.api-key: no setting of a run",
                "variants: {A b: {keep: 0.9}} | a name has lower-case letters",
                "variants: {base: {keep: 0.9}} | the name base is the unchanged run's",
                "variants: {a: {}} | must be a map of what it changes",
                "variants: {a: {pairs.share: 0}} | pairs.share must be over 0",
                "variants: {a: {seed: 3, replay.from: verdicts}} | not later than rounds",
                "varians: {a: {keep: 0.9}} | there is no key varians",
                "variants: [a | is no YAML",
                "just text | a plan is a map",
                "{variants: {a: {keep: 0.9}}, seeds: 1} | seeds must be a whole number from 2",
                "{variants: {a: {keep: 0.9}}, sizes: [1, 0.5]} | sizes must rise",
                "{variants: {a: {keep: 0.9}}, hold-out: lots} | hold-out must be a number",
            })
    void refusesWhatIsWrongAndNamesIt(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .hasMessageContaining("thresholds.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void rangesHoldFromTheFirstBorderUpToTheSecond() {
        Range offsets = Range.of("0:10,1:5", "20");
        assertThat(offsets.holds(0, 9, 0)).isFalse();
        assertThat(offsets.holds(0, 10, 0)).isTrue();
        assertThat(offsets.holds(1, 5, 0)).isTrue();
        assertThat(offsets.holds(2, 0, 0)).isTrue();
        assertThat(offsets.holds(0, 20, 0)).isFalse();

        Range times = Range.of("2026-01-31T10:00:00Z", null);
        assertThat(times.holds(
                        0, 0, java.time.Instant.parse("2026-01-31T09:59:59Z").toEpochMilli()))
                .isFalse();
        assertThat(times.holds(
                        0, 0, java.time.Instant.parse("2026-01-31T10:00:00Z").toEpochMilli()))
                .isTrue();
    }

    @Test
    void theReadyPlansCanBeRead() throws IOException {
        try (Stream<Path> plans = Files.list(Path.of("../../bench/plans"))) {
            List<Path> all = plans.toList();
            assertThat(all)
                    .hasSizeGreaterThan(7)
                    .allSatisfy(plan -> assertThat(
                                    Plan.read(plan).variants().getFirst().name())
                            .isEqualTo(Variant.BASE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-3", "0:", "1:2,", "2026-01-31"})
    void refusesOtherBorders(String text) {
        assertThatThrownBy(() -> Range.of(text, null)).hasMessageContaining("--from must be an offset");
    }

    @Test
    void everySettingOfARunHasABeginning() {
        assertThat(List.of(Entry.of("pii"), Entry.of("ingest.rules"))).containsOnly(Entry.INPUT);
        assertThat(List.of(Entry.of("seed"), Entry.of("judge.model"), Entry.of("gold.min")))
                .containsOnly(Entry.ROUNDS);
        assertThat(List.of(Entry.of("keep"), Entry.of("flip"), Entry.of("decision")))
                .containsOnly(Entry.VERDICTS);
    }

    private static Plan parse(String text) {
        return Plan.parse("thresholds.yaml", "thresholds", text);
    }
}
