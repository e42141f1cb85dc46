package io.prefstream.attributetagger.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.attributetagger.domain.Classifier;
import io.prefstream.attributetagger.domain.Prototype;
import io.prefstream.attributetagger.domain.Rule;
import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.TaskCategory;
import io.prefstream.core.stats.Hashes;
import io.prefstream.models.encoder.VectorCache;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * How good the built-in tagger is on prompts labelled by hand. Prints accuracy of each field and who was taken for whom; the
 * figures in topology-docs come from here.
 */
class TaggerAccuracyTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final BuiltInTagger TAGGER = new BuiltInTagger(VectorCache.shared());
    private static final List<Rule> RULES = BuiltInTagger.rules();

    /** A prompt with the attributes that a person gave it. */
    private record Labelled(String prompt, Prototype truth) {}

    /** Shares of prompts, 0..1. */
    private record Accuracy(double byRules, double category, double objectivity, double controversiality) {}

    @AfterAll
    static void close() {
        TAGGER.close();
    }

    @Test
    void agreesWithTheLabelsOfPromptsOfOurOwn() throws Exception {
        List<Labelled> prompts = Prototype.parse(lines("labelled-prompts.tsv")).stream()
                .map(p -> new Labelled(p.prompt(), p))
                .toList();

        Accuracy accuracy = measure("prompts of our own", prompts);

        assertThat(prompts).hasSizeGreaterThanOrEqualTo(120);
        assertThat(accuracy.category()).isGreaterThan(0.85).isGreaterThan(accuracy.byRules());
        assertThat(accuracy.objectivity()).isGreaterThan(0.85);
        assertThat(accuracy.controversiality()).isGreaterThan(0.9);
    }

    @Test
    void agreesWithTheLabelsOfPublicPromptsItWasNotMadeOn() throws Exception {
        measure("public prompts seen while it was made", rows("seen"));

        Accuracy accuracy = measure("public prompts, unseen", rows("unseen"));

        assertThat(accuracy.category()).isGreaterThan(0.6).isGreaterThan(accuracy.byRules());
        assertThat(accuracy.objectivity()).isGreaterThan(0.75);
        assertThat(accuracy.controversiality()).isGreaterThan(0.8);
    }

    private static Accuracy measure(String name, List<Labelled> prompts) {
        int byRules = 0;
        int category = 0;
        int objective = 0;
        int dispute = 0;
        Map<TaskCategory, Map<TaskCategory, Integer>> taken = new HashMap<>();
        for (Labelled labelled : prompts) {
            Prototype truth = labelled.truth();
            Attributes found = TAGGER.tags(List.of(new Message("user", labelled.prompt())));
            byRules += Classifier.byRules(RULES, labelled.prompt()) == truth.category() ? 1 : 0;
            category += found.category() == truth.category() ? 1 : 0;
            objective += found.objective() == truth.objective() ? 1 : 0;
            dispute += found.dispute() == truth.dispute() ? 1 : 0;
            taken.computeIfAbsent(truth.category(), c -> new EnumMap<>(TaskCategory.class))
                    .merge(found.category(), 1, Integer::sum);
        }
        double n = prompts.size();
        Accuracy accuracy = new Accuracy(byRules / n, category / n, objective / n, dispute / n);
        System.out.printf(
                Locale.ROOT,
                "%s (%d): category %.3f, by rules alone %.3f; objectivity %.3f; controversiality %.3f%n",
                name,
                prompts.size(),
                accuracy.category(),
                accuracy.byRules(),
                accuracy.objectivity(),
                accuracy.controversiality());
        for (TaskCategory truth : TaskCategory.values()) {
            System.out.println("  " + truth.label() + " was taken for " + taken.getOrDefault(truth, Map.of()));
        }
        return accuracy;
    }

    // Public rows, by reference

    private static List<Labelled> rows(String part) throws Exception {
        String folder = System.getenv("PREFSTREAM_DATA");
        Assumptions.assumeTrue(folder != null, "PREFSTREAM_DATA names no folder of real data");
        Map<String, List<String>> sets = new HashMap<>();
        List<Labelled> found = new ArrayList<>();
        for (String line : lines("labelled-rows.tsv")) {
            String[] f = line.split("\t", -1);
            if (!f[0].equals(part)) {
                continue;
            }
            String key = f[1] + "/" + f[2];
            if (!sets.containsKey(key)) {
                sets.put(key, prompts(f[1], Path.of(folder, f[1], f[2])));
            }
            String prompt = sets.get(key).get(Integer.parseInt(f[3]));
            assertThat(hash(prompt)).as("%s row %s", key, f[3]).isEqualTo(f[4]);
            found.add(new Labelled(
                    prompt,
                    Prototype.parse(List.of(String.join("\t", f[5], f[6], f[7], "")))
                            .getFirst()));
        }
        return found;
    }

    private static List<String> prompts(String set, Path file) throws Exception {
        String text;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<JsonNode> rows = new ArrayList<>();
        if (text.startsWith("[")) {
            JSON.readTree(text).forEach(rows::add);
        } else {
            for (String line : text.lines().toList()) {
                rows.add(JSON.readTree(line));
            }
        }
        return rows.stream().map(row -> prompt(set, row)).toList();
    }

    private static String prompt(String set, JsonNode row) {
        return switch (set) {
            case "pandalm" -> {
                String input = row.path("input").asText("");
                yield row.path("instruction").asText() + (input.isEmpty() ? "" : "\n" + input);
            }
            case "oasst1_en_val" -> row.path("text").asText();
            case "halueval_general" -> row.path("user_query").asText();
            case "hh_harmless" -> {
                String talk = row.path("chosen").asText();
                String last = talk.substring(talk.lastIndexOf("\n\nHuman:") + "\n\nHuman:".length());
                int end = last.indexOf("\n\nAssistant:");
                yield (end < 0 ? last : last.substring(0, end)).strip();
            }
            case "evouna_nq", "gsm8k_model_solutions" -> row.path("question").asText();
            case "smoke_llamafactory" -> {
                String last = "";
                for (JsonNode turn : row.path("conversations")) {
                    if (turn.path("from").asText().equals("human")) {
                        last = turn.path("value").asText();
                    }
                }
                yield last;
            }
            default -> throw new IllegalStateException(set);
        };
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(Hashes.sha256(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
    }

    private static List<String> lines(String resource) throws Exception {
        String name = "/io/prefstream/attributetagger/" + resource;
        try (InputStream in = Objects.requireNonNull(TaggerAccuracyTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
