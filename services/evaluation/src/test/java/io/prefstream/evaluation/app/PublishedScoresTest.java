package io.prefstream.evaluation.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prefstream.core.benchmark.Figure;
import io.prefstream.evaluation.client.BenchmarkFolder;
import io.prefstream.evaluation.client.ScoreFiles;
import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Formats;
import io.prefstream.evaluation.domain.Loaded;
import io.prefstream.evaluation.domain.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores that owners of benchmarks have published, against the accuracies that they have published. */
class PublishedScoresTest {

    private static Path data(String name) {
        String folder = System.getenv("PREFSTREAM_DATA");
        assumeTrue(folder != null, "PREFSTREAM_DATA is not set: published scores are not read");
        Path path = Path.of(folder, name);
        assumeTrue(Files.exists(path), name + " is not under PREFSTREAM_DATA");
        return path;
    }

    private static Standing standing(String benchmark, String file) {
        Format format = Formats.of(benchmark, 0).orElseThrow();
        var read = ScoreFiles.read(List.of(data("oracle_rm_scores/" + file)));
        assertThat(read.refused()).isEmpty();
        return Evaluation.byRecordAlone(format, read.scores().get(benchmark), 0);
    }

    @ParameterizedTest(name = "{0}: {1} of all pairs, {2} over categories")
    @CsvSource({
        "Skywork_Skywork-Reward-Gemma-2-27B, 64.29, 64.9988",
        "internlm_internlm2-20b-reward, 63.43, 61.9492",
        "Skywork_Skywork-Reward-Llama-3.1-8B, 62.29, 62.5406",
        "Ray2333_GRM-Gemma-2B-rewardmodel-ft, 59.43, 58.7740",
        "internlm_internlm2-7b-reward, 59.43, 59.7866"
    })
    void judgeBench(String model, double ofAll, double overCategories) {
        Standing standing = standing("judgebench", "judgebench_gpt4o__" + model + ".jsonl.gz");

        Figure all = standing.outcome().figures().getLast();
        assertThat(all.value() * 100).isCloseTo(ofAll, within(0.005));
        assertThat(standing.outcome().score() * 100).isCloseTo(overCategories, within(5e-5));
        assertThat(standing.outcome().complete()).isTrue();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "rewardbench, Rewardbench__rewardbench_ArmoRM, 92.8412",
        "rewardbench, Rewardbench__rewardbench_Skywork-Llama-3.1-8B, 96.8680",
        "rewardbench, Rewardbench__rewardbench_oasst-rm, 60.4027",
        "rewardmath, RewardMATH__ArmoRM_reward, 20.4969",
        "rewardmath, RewardMATH__internlm2_reward, 37.2671",
        "rewardmath, RewardMATH__skywork_llama3_reward, 22.1532"
    })
    void solutionsOfMathematics(String benchmark, String file, double points) {
        Standing standing = standing(benchmark, file + ".json.gz");

        assertThat(standing.outcome().score() * 100).isCloseTo(points, within(5e-5));
    }

    @Test
    void theOwnersFilesAreReadWhole() {
        Loaded pairs = new BenchmarkFolder(data("bench_judgebench_gpt4o"))
                .load(Formats.of("judgebench", 0).orElseThrow());
        Loaded styles = new BenchmarkFolder(data("bench_rm_bench"))
                .load(Formats.of("rm-bench", 0).orElseThrow());

        assertThat(pairs.items()).hasSize(350);
        assertThat(pairs.refused()).isEmpty();
        assertThat(styles.items()).hasSize(129 + 228 + 284 + 157);
        assertThat(styles.refused()).isEmpty();
    }
}
