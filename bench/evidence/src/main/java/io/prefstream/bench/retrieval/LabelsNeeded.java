package io.prefstream.bench.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many human labels each strategy needs: {@code LabelsNeeded CORPUS RESULTS.jsonl [SEEDS]} adds the runs that are missing,
 * a line each, and writes tables and a plot beside them.
 */
public final class LabelsNeeded {

    static final List<String> STRATEGIES = List.of("random", "similarity", "posterior", "disagreement", "uncertain");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST = 60;
    private static final int BATCH = 60;
    private static final int LAST = 1500;
    private static final int DRAWS = 3;

    private LabelsNeeded() {}

    /** Runs what is missing. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: LabelsNeeded CORPUS RESULTS.jsonl [SEEDS]");
            System.exit(2);
        }
        int seeds = arguments.length == 3 ? Integer.parseInt(arguments[2]) : 10;
        Path results = Path.of(arguments[1]).toAbsolutePath();
        Set<String> done = new HashSet<>();
        read(results).forEach(run -> done.add(run.path("run").asText()));
        List<Corpus.Item> corpus = Corpus.read(Path.of(arguments[0]));
        for (int seed = 0; seed < seeds; seed++) {
            Simulation simulation = new Simulation(corpus, seed);
            System.err.println(simulation.describe());
            for (String strategy : STRATEGIES) {
                for (int draw = 0; draw < (strategy.equals("random") ? DRAWS : 1); draw++) {
                    String name = seed + "/" + strategy + "/" + draw;
                    if (!done.contains(name)) {
                        long started = System.nanoTime();
                        List<Simulation.Point> points = simulation.run(strategy, draw, FIRST, BATCH, LAST);
                        Files.writeString(
                                results,
                                json(name, seed, strategy, simulation, points) + "\n",
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND);
                        System.err.println(name + ": " + (System.nanoTime() - started) / 1_000_000_000 + " s");
                    }
                }
            }
        }
        NeededTable table = new NeededTable(read(results));
        Files.writeString(results.resolveSibling("labels-needed.md"), table.markdown());
        Files.writeString(results.resolveSibling("labels-needed.svg"), table.svg());
    }

    private static List<JsonNode> read(Path results) throws IOException {
        List<JsonNode> runs = new ArrayList<>();
        if (Files.exists(results)) {
            for (String line : Files.readAllLines(results)) {
                runs.add(JSON.readTree(line));
            }
        }
        return runs;
    }

    private static ObjectNode json(
            String name, int seed, String strategy, Simulation simulation, List<Simulation.Point> points) {
        ObjectNode run = JSON.createObjectNode();
        run.put("run", name).put("seed", seed).put("strategy", strategy).put("spoiled", simulation.spoiledCategory());
        simulation.bounds().forEach(run::put);
        var labels = run.putArray("labels");
        var wrong = run.putArray("wrong");
        points.forEach(point -> {
            labels.add(point.labels());
            wrong.add(point.wrong());
        });
        points.getFirst().accuracy().keySet().forEach(model -> {
            var accuracies = run.putArray(model);
            points.forEach(point ->
                    accuracies.add(Math.round(point.accuracy().getOrDefault(model, Double.NaN) * 1e4) / 1e4));
        });
        return run;
    }
}
