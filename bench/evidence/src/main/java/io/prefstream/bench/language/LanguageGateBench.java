package io.prefstream.bench.language;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prefstream.core.language.LanguageGate;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Two tables of the language gate: real answers that it does not trust, by set and reason, and attacks that it stops, by kind.
 *
 * <p>Arguments: the folder of public sets, and a file for the answers that were hit.
 */
final class LanguageGateBench {

    /** Escapes, since a cut may part a surrogate pair. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final int SEEDS = 1000;
    private static final int LEAST_CHARS = 200;
    private static final int SHOWN = 100;
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private LanguageGateBench() {}

    public static void main(String[] args) throws IOException {
        Map<String, Set<String>> answers = Answers.of(Path.of(args[0]));
        List<String> good = new ArrayList<>();
        try (PrintWriter hits = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
            real(answers, good, hits);
        }
        attacks(new Attack.Material(vocabulary(), good));
    }

    private static void real(Map<String, Set<String>> answers, List<String> good, PrintWriter hits)
            throws JsonProcessingException {
        OUT.println("| set | answers | not trusted | share | reasons |\n|---|---|---|---|---|");
        long all = 0;
        long chars = 0;
        Map<LanguageGate.Reason, Integer> total = new EnumMap<>(LanguageGate.Reason.class);
        long start = System.nanoTime();
        for (var set : answers.entrySet()) {
            Map<LanguageGate.Reason, Integer> reasons = new EnumMap<>(LanguageGate.Reason.class);
            for (String answer : set.getValue()) {
                LanguageGate.Verdict verdict = LanguageGate.of(answer);
                chars += answer.length();
                if (!verdict.trusted()) {
                    reasons.merge(verdict.reason(), 1, Integer::sum);
                    total.merge(verdict.reason(), 1, Integer::sum);
                    hits.println(hit(set.getKey(), answer, verdict));
                } else if (answer.length() >= LEAST_CHARS) {
                    good.add(answer);
                }
            }
            row(set.getKey(), set.getValue().size(), reasons);
            all += set.getValue().size();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        row("all", all, total);
        OUT.printf(Locale.ROOT, "%n%.1f million chars a second on one thread%n%n", chars / seconds / 1e6);
    }

    private static void row(String name, long of, Map<LanguageGate.Reason, Integer> reasons) {
        int sum = reasons.values().stream().mapToInt(n -> n).sum();
        StringBuilder named = new StringBuilder();
        reasons.forEach((reason, n) ->
                named.append(named.isEmpty() ? "" : ", ").append(n).append(' ').append(reason.id()));
        OUT.printf(Locale.ROOT, "| %s | %,d | %d | %.3f %% | %s |%n", name, of, sum, 100.0 * sum / of, named);
    }

    private static String hit(String set, String answer, LanguageGate.Verdict verdict) throws JsonProcessingException {
        return JSON.writeValueAsString(JSON.createObjectNode()
                .put("set", set)
                .put("reason", verdict.reason().id())
                .put("figure", verdict.figure())
                .put("chars", answer.length())
                .put("begins", answer.substring(0, Math.min(SHOWN, answer.length())))
                .put("ends", answer.substring(Math.max(0, answer.length() - SHOWN))));
    }

    private static void attacks(Attack.Material material) {
        OUT.println("| attack | stopped of " + SEEDS + " | by |\n|---|---|---|");
        for (Attack attack : Attack.ALL) {
            Map<LanguageGate.Reason, Integer> reasons = new EnumMap<>(LanguageGate.Reason.class);
            int stopped = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                LanguageGate.Verdict verdict = LanguageGate.of(attack.of(seed, material));
                stopped += verdict.trusted() ? 0 : 1;
                reasons.merge(verdict.reason(), 1, Integer::sum);
            }
            reasons.remove(LanguageGate.Reason.LANGUAGE);
            StringBuilder named = new StringBuilder();
            reasons.forEach((reason, n) -> named.append(named.isEmpty() ? "" : ", ")
                    .append(n)
                    .append(' ')
                    .append(reason.id()));
            OUT.printf(Locale.ROOT, "| %s | %.1f %% | %s |%n", attack.name(), 100.0 * stopped / SEEDS, named);
        }
    }

    /** The pieces of the tokenizer that ships, less those that no text holds. */
    private static List<String> vocabulary() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                LanguageGateBench.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json"))) {
            JsonNode pieces = JSON.readTree(in).at("/model/vocab");
            List<String> vocabulary = new ArrayList<>();
            pieces.fieldNames().forEachRemaining(piece -> {
                if (!piece.matches("\\[.+]")) {
                    vocabulary.add(piece);
                }
            });
            return vocabulary;
        }
    }
}
