package io.prefstream.runner.app;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.evaluation.domain.Report;
import io.prefstream.evaluation.domain.Standing;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.BenchmarkResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what a model did on each item of benchmarks on the topic of an installation, all or nothing. */
public final class BenchmarkResults {

    private BenchmarkResults() {}

    /**
     * Writes every item of the report.
     *
     * @return number of records
     */
    public static long write(OpenFolder system, Report report) {
        try (Feeder feeder = new Feeder(system.installation(), system.wire(), "benchmark-results")) {
            for (Standing standing : report.standings()) {
                for (ScoredItem item : standing.items()) {
                    feeder.send(
                            Topics.BENCHMARK_RESULTS,
                            standing.id() + "/" + item.name() + "/" + report.model(),
                            result(standing, item, report.model()));
                }
            }
            feeder.commit();
            return feeder.sent(Topics.BENCHMARK_RESULTS);
        }
    }

    private static BenchmarkResult result(Standing standing, ScoredItem item, String model) {
        Benchmark benchmark = standing.format().benchmark();
        List<@Nullable Double> scores = new ArrayList<>();
        for (double score : item.scores()) {
            scores.add(finite(score));
        }
        return BenchmarkResult.newBuilder()
                .setBenchmark(benchmark.id())
                .setItem(item.name())
                .setPart(item.part())
                .setModel(model)
                .setScores(scores)
                .setCorrect(finite(benchmark.credit(item)))
                .setMargin(finite(benchmark.margin(item)))
                .setTextSha256(standing.texts().get(item.name()))
                .build();
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
