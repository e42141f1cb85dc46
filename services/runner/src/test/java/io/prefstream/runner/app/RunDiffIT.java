package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.consistencyfilter.domain.Decision;
import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.kit.config.UserError;
import io.prefstream.wire.Verdict;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of one folder on the shipped sample, the second with gold. */
class RunDiffIT {

    private static final Map<String, String> SETTINGS = Map.of(
            "rounds", "1", "seed", "7", "decision", "calibrated", "gold.min", "30", "keep", "0.85", "flip", "0.1");

    @TempDir
    private Path folder;

    @Test
    void everyVerdictIsGivenAgainByTheRulesAndEveryChangeHasACause() throws Exception {
        curate(null);
        curate(sample("labels.jsonl"));

        try (LocalSystem system = LocalSystem.read(folder.resolve("data"))) {
            FolderRun first = FolderRun.read(system, 1);
            FolderRun second = FolderRun.read(system, 0);
            assertThat(second.name()).isEqualTo("run-2");
            givesEveryVerdictAgain(second);
            assertThat(first.verdicts().values()).noneMatch(v -> v.behind() == null);

            assertThat(RunDiff.of(second, second).changes()).isEmpty();
            RunDiff diff = RunDiff.of(first, second);
            assertThat(diff.changes()).hasSizeGreaterThan(300);
            assertThat(diff.causes()).containsKey("a human label").doesNotContainKey("another rule");
            assertThat(diff.causes().keySet()).noneMatch(cause -> cause.startsWith("not recorded"));
            assertThat(diff.causes().values().stream().mapToLong(n -> n).sum())
                    .isEqualTo(diff.changes().size());
            assertThat(RunDiff.of(first, ExportRun.read(folder.resolve("out"))).changes())
                    .hasSameSizeAs(diff.changes())
                    .allMatch(change -> change.cause().startsWith("not recorded; "));
            assertThatThrownBy(() -> FolderRun.read(system, 3))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("no run 3")
                    .hasMessageContaining("run-1, run-2");
        }
    }

    private static void givesEveryVerdictAgain(FolderRun run) {
        DecisionSettings settings = run.settings();
        for (String id : run.verdicts().keySet()) {
            Verdict verdict = Objects.requireNonNull(run.recorded(id));
            assertThat(Decision.of(run.evidence(verdict, settings), settings)
                            .verdict()
                            .rule())
                    .isEqualTo(verdict.getRule());
        }
    }

    private void curate(@Nullable Path gold) throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), 2, new LocalSystem.Ports(0, 0))) {
            system.startStages(SETTINGS);
            new Curation(system, message -> {})
                    .run(
                            List.of(sample("pairs.jsonl")),
                            gold,
                            SETTINGS,
                            folder.resolve("out"),
                            new Progress(quiet, true));
        }
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = RunDiffIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
