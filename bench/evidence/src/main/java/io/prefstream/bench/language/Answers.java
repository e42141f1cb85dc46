package io.prefstream.bench.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The distinct answers of the public sets, as they are. */
final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SPEAKER = Pattern.compile("\n\n(?:Human|Assistant): ?");

    /** A set: its folder, what its files' names begin with, and the fields that hold answers. */
    private record Source(String folder, String prefix, String fields) {}

    private static final List<Source> SOURCES = List.of(
            new Source("alpaca_eval", "completions", "output"),
            new Source("alpaca_eval", "unjudged", "output"),
            new Source("topical_chat", "valid", "message"),
            new Source("evouna_nq", "NQ", "answer_.*"),
            new Source("hh_harmless", "harmless", "chosen|rejected"),
            new Source("gsm8k_model_solutions", "example", "solution"),
            new Source("bench_rm_bench", "", "chosen|rejected"),
            new Source("halueval_general", "general", "chatgpt_response"),
            new Source("oasst1_en_val", "en-", "text"),
            new Source("smoke_llamafactory", "dpo_en", "value|content"),
            new Source("smoke_llamafactory", "dpo_zh", "value|content"),
            new Source("smoke_llamafactory", "kto_en", "value|content"),
            new Source("dices_990", "dices", "response"),
            new Source("ukp_convarg", "", "a1|a2"),
            new Source("pandalm", "testset", "response\\d"),
            new Source("bench_judgebench_gpt4o", "judgebench", "response_.*"),
            new Source("llmfao", "pairs-crowd.jsonl", "result_.*"));

    private Answers() {}

    /** Answers by set. */
    static Map<String, Set<String>> of(Path data) throws IOException {
        Map<String, Set<String>> answers = new LinkedHashMap<>();
        for (Source source : SOURCES) {
            String name = source.folder() + (source.folder().startsWith("smoke") ? "/" + source.prefix() : "");
            Set<String> set = answers.computeIfAbsent(name, key -> new LinkedHashSet<>());
            Pattern fields = Pattern.compile(source.fields());
            try (var files = Files.list(data.resolve(source.folder()))) {
                for (Path file : files.sorted().toList()) {
                    String file1 = file.getFileName().toString();
                    if (file1.startsWith(source.prefix()) && file1.matches(".*\\.jsonl?\\.gz")) {
                        read(file, fields, set);
                    }
                }
            }
        }
        return answers;
    }

    private static void read(Path file, Pattern fields, Set<String> to) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file));
                MappingIterator<JsonNode> values =
                        JSON.readerFor(JsonNode.class).readValues(in)) {
            while (values.hasNext()) {
                collect(values.next(), false, fields, to);
            }
        }
    }

    private static void collect(JsonNode node, boolean answer, Pattern fields, Set<String> to) {
        if (node.isTextual()) {
            if (answer) {
                String text = node.asText();
                if (text.startsWith("\n\nHuman:")) {
                    SPEAKER.splitAsStream(text).filter(turn -> !turn.isEmpty()).forEach(to::add);
                } else {
                    to.add(text);
                }
            }
        } else if (node.isArray()) {
            node.forEach(child -> collect(child, answer, fields, to));
        } else {
            node.properties()
                    .forEach(field -> collect(
                            field.getValue(),
                            answer || fields.matcher(field.getKey()).matches(),
                            fields,
                            to));
        }
    }
}
