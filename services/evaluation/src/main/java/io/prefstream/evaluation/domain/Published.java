package io.prefstream.evaluation.domain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A published row of totals, in points of 100.
 *
 * @param model the model's name
 * @param points total by benchmark id
 * @see <a href="https://arxiv.org/abs/2507.01352v3">Liu et al., Skywork-Reward-V2, 2025, Tables 1 and 7</a>
 */
public record Published(String model, Map<String, Double> points) {

    private static final String FILE = "published.csv";

    /** The rows that are printed beside ours: the paper's own models, and the best before them. */
    public static List<Published> rows() {
        try (InputStream in = Published.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            String[] head = lines.getFirst().split(",", -1);
            List<Published> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                Map<String, Double> points = new LinkedHashMap<>();
                for (int i = 1; i < head.length; i++) {
                    points.put(head[i], Double.valueOf(cells[i]));
                }
                rows.add(new Published(cells[0], points));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " can't be read", e);
        }
    }
}
