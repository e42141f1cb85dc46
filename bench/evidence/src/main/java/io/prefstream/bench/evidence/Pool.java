package io.prefstream.bench.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A noisy pool with a known answer, as {@code bench/convert.py} wrote it.
 *
 * @param set name of the data set
 * @param labels kind of noise: natural, swapped, longer or clean
 * @param gold share of the pairs that people labelled, 0 to 1
 * @param truth what is known of each row, by its id
 */
record Pool(Path folder, String set, String labels, double gold, long seed, Map<String, Known> truth) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The known answer of a row.
     *
     * @param right whether the label that the product was given is right
     * @param gold whether the product was given the answer, as a person's label
     */
    record Known(boolean right, boolean gold) {}

    /** The pools in the folders of a folder, by name. */
    static List<Pool> under(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> Files.exists(path.resolve("pool.json")))
                    .sorted()
                    .map(Pool::read)
                    .toList();
        }
    }

    private static Pool read(Path folder) {
        try {
            JsonNode pool = JSON.readTree(folder.resolve("pool.json").toFile());
            Map<String, Known> truth = new HashMap<>();
            JSON.readTree(folder.resolve("truth.json").toFile())
                    .properties()
                    .forEach(row -> truth.put(
                            row.getKey(),
                            new Known(
                                    row.getValue().path("right").asBoolean(),
                                    row.getValue().path("gold").asBoolean())));
            return new Pool(
                    folder,
                    pool.path("set").asText(),
                    pool.path("labels").asText(),
                    pool.path("gold").asDouble(),
                    pool.path("seed").asLong(),
                    truth);
        } catch (IOException e) {
            throw new UncheckedIOException("not a pool: " + folder, e);
        }
    }

    String name() {
        return String.valueOf(folder.getFileName());
    }

    Path pairs() {
        return folder.resolve("pairs.jsonl");
    }

    Path labelled() {
        return folder.resolve("gold.jsonl");
    }

    Path unseen() {
        return folder.resolve("unseen.jsonl");
    }
}
