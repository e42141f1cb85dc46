package io.prefstream.export.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.export.domain.Outcome;
import io.prefstream.wire.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        file("curated/train");
        file("curated/validation");
        file("recycled/train");
    }

    @Test
    void loadsWhatThePlainReleaseHoldsByDefault() {
        assertThat(Card.configs(folder, List.of("curated"))).isEqualTo("""
                configs:
                - config_name: curated
                  default: true
                  data_files:
                  - split: train
                    path:
                    - curated/train-*.parquet
                  - split: validation
                    path:
                    - curated/validation-*.parquet
                - config_name: recycled
                  data_files:
                  - split: train
                    path:
                    - recycled/train-*.parquet
                """);
    }

    @Test
    void loadsBothFoldersByDefaultWhereFlipsAreReleasedAndEachByItself() {
        assertThat(Card.configs(folder, List.of("curated", "recycled")))
                .startsWith("""
                        configs:
                        - config_name: curated+recycled
                          default: true
                          data_files:
                          - split: train
                            path:
                            - curated/train-*.parquet
                            - recycled/train-*.parquet
                          - split: validation
                            path:
                            - curated/validation-*.parquet
                        - config_name: curated
                          data_files:
                        """)
                .contains("- config_name: recycled")
                .containsOnlyOnce("default: true");
    }

    @Test
    void theReleaseIsThatOfTheRunsProfile() {
        Outcome outcome = new Outcome();
        outcome.addRound(decided(1, Map.of()));
        outcome.addRound(decided(2, Map.of("run/profile", "curated+recycled")));

        assertThat(outcome.release(1)).containsExactly("curated");
        assertThat(outcome.release(2)).containsExactly("curated", "recycled");
    }

    private static Round decided(int run, Map<String, String> settings) {
        return Round.newBuilder()
                .setRun(run)
                .setRound(1)
                .setPhase("decide")
                .setSettings(settings)
                .setCheckpoints(List.of())
                .setLabels(null)
                .setCounts(Map.of())
                .build();
    }

    private void file(String split) throws IOException {
        Path file = folder.resolve(split + "-00000-of-00001.parquet");
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
