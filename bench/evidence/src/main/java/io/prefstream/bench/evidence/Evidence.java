package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.reward.RightnessCalibrator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs the product over noisy pools with a known answer, one after another in this JVM, so that each distinct text is encoded
 * once. Usage: {@code Evidence POOLS RESULTS.jsonl}; runs that are in the results already are left out.
 */
public final class Evidence {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<SimulatedJudge.Habit> JUDGES = List.of(
            new SimulatedJudge.Habit(0.70, true),
            new SimulatedJudge.Habit(0.85, true),
            new SimulatedJudge.Habit(0.70, false),
            new SimulatedJudge.Habit(0.85, false));
    /** The set in which a text stands in many pairs. */
    static final String TOURNAMENT = "ukp_convarg";

    private Evidence() {}

    /** Runs what is missing, then writes the table and the plot beside the results. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: Evidence POOLS RESULTS.jsonl");
            System.exit(2);
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            System.err.println(thread.getName() + ": " + fault);
            System.exit(1); // a system that was left open would hold the JVM
        });
        run(Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath());
        System.exit(0); // the encoder's native threads would
    }

    private static void run(Path pools, Path results) throws Exception {
        Set<String> done = new HashSet<>();
        read(results).forEach(result -> done.add(result.path("run").asText()));
        for (PoolRun run : plan(Pool.under(pools))) {
            if (done.contains(run.name())) {
                continue;
            }
            Path folder = Files.createTempDirectory("prefstream-evidence");
            long started = System.nanoTime();
            ObjectNode result = run.measure(folder);
            Files.writeString(results, result + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            System.err.printf("%s: %d s%n", run.name(), (System.nanoTime() - started) / 1_000_000_000L);
            delete(folder);
        }
        List<JsonNode> all = read(results);
        Path folder = Objects.requireNonNull(results.getParent());
        Files.writeString(folder.resolve("tables.md"), new Tables(all).markdown());
        Files.writeString(folder.resolve("curves.svg"), new CurvePlot(all).svg());
    }

    /** Every pool with the built-in judges; ordinary pools with swapped labels, and labels enough, also with LLM judges. */
    private static List<PoolRun> plan(List<Pool> pools) {
        List<PoolRun> plan = new ArrayList<>();
        for (Pool pool : pools) {
            plan.add(new PoolRun(pool, null));
            long labelled =
                    pool.truth().values().stream().filter(Pool.Known::gold).count();
            if (pool.labels().equals("swapped")
                    && labelled >= RightnessCalibrator.JUDGED
                    && !pool.set().equals(TOURNAMENT)) {
                JUDGES.forEach(judge -> plan.add(new PoolRun(pool, judge)));
            }
        }
        return plan;
    }

    private static List<JsonNode> read(Path results) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                all.add(JSON.readTree(line));
            }
        }
        return all;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
