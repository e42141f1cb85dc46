package io.prefstream.bench.cleaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** Texts to measure with: made up from a seed, or out of public sets. */
final class Texts {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VOCABULARY = 50_000;

    private Texts() {}

    /** A pair of made-up words whose frequencies fall like those of a language (Zipf). */
    static Index.Row madeUp(Random random) {
        return new Index.Row(words(random, 30), words(random, 80), words(random, 80));
    }

    private static String words(Random random, int n) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < n; i++) {
            long rank = (long) Math.pow(VOCABULARY, random.nextDouble());
            long letters = rank * 0x9E3779B97F4A7C15L;
            for (int c = 0; c < 2 + Math.floorMod(letters >>> 59, 7); c++) {
                text.append((char) ('a' + Math.floorMod(letters >>> (5 * c), 26)));
            }
            text.append(' ');
        }
        return text.toString();
    }

    /** Pairs of pandalm and hh-rlhf, as they are. */
    static List<Index.Row> real(Path data) throws IOException {
        List<Index.Row> rows = new ArrayList<>();
        for (JsonNode row : array(data.resolve("pandalm/testset-v1.json.gz"))) {
            rows.add(new Index.Row(
                    row.path("instruction").asText() + "\n" + row.path("input").asText(),
                    row.path("response1").asText(),
                    row.path("response2").asText()));
        }
        for (JsonNode row : lines(data.resolve("hh_harmless"), "")) {
            String chosen = row.path("chosen").asText();
            String rejected = row.path("rejected").asText();
            int at = chosen.lastIndexOf("\n\nAssistant:");
            int other = rejected.lastIndexOf("\n\nAssistant:");
            if (at > 0 && other > 0) {
                rows.add(new Index.Row(
                        chosen.substring(0, at), chosen.substring(at + 12), rejected.substring(other + 12)));
            }
        }
        return rows;
    }

    /** Rows of a JSON array. */
    static JsonNode array(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return JSON.readTree(in);
        }
    }

    /** Rows of all JSON-lines files in a folder whose names begin so. */
    static List<JsonNode> lines(Path folder, String prefix) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.filter(f -> f.getFileName().toString().startsWith(prefix)
                            && f.getFileName().toString().endsWith(".jsonl.gz"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (var in = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    rows.add(JSON.readTree(line));
                }
            }
        }
        return rows;
    }

    /** Every text of a row, however deep. */
    static void texts(JsonNode node, List<String> to) {
        if (node.isTextual()) {
            to.add(node.asText());
        } else {
            node.forEach(child -> texts(child, to));
        }
    }
}
