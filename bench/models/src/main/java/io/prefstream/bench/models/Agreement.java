package io.prefstream.bench.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import io.prefstream.models.reward.DjlRewardModel;
import io.prefstream.models.reward.Hardware;
import io.prefstream.models.reward.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Holds a model's scores against expected ones. Usage: {@code Agreement FOLDER EXPECTED.jsonl}; 1 when one is off. */
public final class Agreement {

    private static final double TOLERANCE = 1e-4;

    private Agreement() {}

    /** Loads, which has the model score its golden conversations, and compares. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: Agreement FOLDER EXPECTED.jsonl");
            System.exit(2);
        }
        List<List<Message>> talks = new ArrayList<>();
        List<Double> expected = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            JsonNode row = new ObjectMapper().readTree(line);
            talks.add(Talks.messages(row.get("messages")));
            expected.add(row.get("score").asDouble());
        }
        double worst = 0;
        ModelFolder folder = ModelFolder.read(Path.of(args[0]));
        try (DjlRewardModel model = DjlRewardModel.load(folder, Hardware.cpu())) {
            double[] scores = model.score(talks);
            for (int i = 0; i < scores.length; i++) {
                worst = Math.max(worst, Math.abs(scores[i] - expected.get(i)));
            }
        }
        boolean agrees = worst <= TOLERANCE;
        System.out.printf(
                Locale.ROOT,
                "%s, inputs %s: %d conversations, scores off by at most %.2g: %s%n",
                folder.card().name() + " " + folder.card().architecture(),
                folder.card().inputs(),
                talks.size(),
                worst,
                agrees ? "agrees" : "IS OFF");
        System.exit(agrees ? 0 : 1);
    }
}
