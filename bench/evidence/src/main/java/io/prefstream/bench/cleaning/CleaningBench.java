package io.prefstream.bench.cleaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.cleaning.PersonalData;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.client.BenchmarkFile;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.domain.BenchmarkRow;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.SimilarityKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures cleaning and prints JSON lines. Arguments: sizes of the index for the time to add 1 %. Without the folder of
 * outside data ({@code -Dprefstream.data}) only what needs none is measured.
 */
public final class CleaningBench {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PLANTED = 400;

    private CleaningBench() {}

    /** Runs all. */
    public static void main(String[] args) throws IOException, FileRefused {
        for (String size : args) {
            growth(Integer.parseInt(size));
        }
        Random random = new Random(1);
        planted(
                "made-up",
                Stream.generate(() -> Texts.madeUp(random)).limit(3000).toList());
        String data = System.getProperty("prefstream.data", "");
        if (data.isEmpty()) {
            say("skipped", Map.of("what", "real data: set PREFSTREAM_DATA"));
            return;
        }
        planted("pandalm + hh_harmless", Texts.real(Path.of(data)));
        contaminated(Path.of(data));
        personal(Path.of(data));
    }

    /** Time to add 1 % to an index of so many pairs, the median of five times. */
    private static void growth(int size) throws IOException {
        Random random = new Random(size);
        try (Index index = new Index()) {
            long filling = System.nanoTime();
            for (int i = 0; i < size; i++) {
                index.add(Texts.madeUp(random));
            }
            double filled = seconds(filling);
            int added = size / 100;
            double[] times = new double[5];
            long cpu = 0;
            for (int turn = 0; turn < times.length; turn++) {
                List<Index.Row> more =
                        Stream.generate(() -> Texts.madeUp(random)).limit(added).toList();
                long start = System.nanoTime();
                long before = cpu();
                more.forEach(index::add);
                cpu += cpu() - before;
                times[turn] = seconds(start);
            }
            Arrays.sort(times);
            double median = times[times.length / 2];
            say(
                    "near-duplicates/add",
                    Map.of(
                            "index",
                            size,
                            "added",
                            added,
                            "seconds",
                            median,
                            "cpu_us_per_pair",
                            Math.round(cpu / 1e3 / times.length / added),
                            "us_per_pair",
                            Math.round(median * 1e6 / added),
                            "fill_us_per_pair",
                            Math.round(filled * 1e6 / size)));
        }
    }

    /** Precision and recall: edited copies of some pairs are added after all pairs. */
    private static void planted(String set, List<Index.Row> rows) throws IOException {
        try (Index index = new Index()) {
            int flagged = 0;
            int near = 0;
            for (Index.Row row : rows) {
                NearDuplicate known = duplicate(index.add(row));
                if (known != null) {
                    flagged++;
                    near += Jaccard.isNear(rows.get(Math.toIntExact(known.getOtherOrdinal())), row) ? 1 : 0;
                }
            }
            say(
                    "near-duplicates/unedited",
                    Map.of("set", set, "pairs", rows.size(), "flagged", flagged, "within_threshold", near));
        }
        for (Edits edits : Edits.values()) {
            for (double rate : edits.rates()) {
                plant(set, rows, edits, rate);
            }
        }
    }

    private static void plant(String set, List<Index.Row> rows, Edits edits, double rate) throws IOException {
        Random random = new Random(7);
        try (Index index = new Index()) {
            List<Integer> first = new ArrayList<>();
            for (Index.Row row : rows) {
                NearDuplicate known = duplicate(index.add(row));
                first.add(known == null ? first.size() : Math.toIntExact(known.getOtherOrdinal()));
            }
            int right = 0;
            int wrong = 0;
            int due = 0;
            int far = 0;
            for (int i = 0; i < PLANTED; i++) {
                int of = i * (rows.size() / PLANTED);
                Index.Row copy = edits.of(rows.get(of), rate, random);
                boolean near = Jaccard.isNear(rows.get(of), copy);
                due += near ? 1 : 0;
                NearDuplicate known = duplicate(index.add(copy));
                if (known != null) {
                    boolean own = known.getOtherOrdinal() == of || known.getOtherOrdinal() == first.get(of);
                    right += own ? 1 : 0;
                    wrong += own ? 0 : 1;
                    far += own && !near ? 1 : 0;
                }
            }
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("set", set);
            line.put("edit", edits.name().toLowerCase(Locale.ROOT));
            line.put("rate", rate);
            line.put("planted", PLANTED);
            line.put("recall", ratio(right, PLANTED));
            line.put("precision", ratio(right, right + wrong));
            line.put("within_threshold", due);
            line.put("recall_within_threshold", ratio(right - far, due));
            say("near-duplicates/planted", line);
        }
    }

    private static @Nullable NearDuplicate duplicate(List<NearDuplicate> found) {
        return found.stream()
                .filter(fact -> fact.getKind() == SimilarityKind.NEAR_DUPLICATE)
                .findFirst()
                .orElse(null);
    }

    /** Prompts of RM-Bench's chat part that are found in three sets which are known to hold them. */
    private static void contaminated(Path data) throws IOException, FileRefused {
        BenchmarkFile.Items bench = BenchmarkFile.read(data.resolve("bench_rm_bench/chat_filtered.json.gz"));
        Map<String, List<String>> sets = new LinkedHashMap<>();
        sets.put("alpaca_eval", texts(Texts.lines(data.resolve("alpaca_eval"), "prompts"), "instruction"));
        sets.put("oasst1_en_val", texts(Texts.lines(data.resolve("oasst1_en_val"), ""), "text"));
        List<String> pandalm = new ArrayList<>();
        Texts.array(data.resolve("pandalm/testset-v1.json.gz"))
                .forEach(row -> pandalm.add(row.path("instruction").asText() + "\n"
                        + row.path("input").asText()));
        sets.put("pandalm", pandalm);
        Map<String, Integer> known = Map.of("alpaca_eval", 102, "oasst1_en_val", 37, "pandalm", 11);
        for (Map.Entry<String, List<String>> set : sets.entrySet()) {
            Set<String> whole = new HashSet<>();
            set.getValue().forEach(text -> whole.add(plain(text)));
            int there = 0;
            int found = 0;
            int more = 0;
            for (BenchmarkRow item : bench.rows()) {
                BenchmarkPrompts one = new BenchmarkPrompts();
                one.add(bench.name(), item.item(), item.prompt());
                boolean hit = set.getValue().stream()
                        .anyMatch(text -> one.find(List.of(new Message("user", text)), "", "") != null);
                boolean same = whole.contains(plain(item.prompt()));
                there += same ? 1 : 0;
                found += hit && same ? 1 : 0;
                more += hit && !same ? 1 : 0;
            }
            say(
                    "decontamination/recall",
                    Map.of(
                            "set",
                            set.getKey(),
                            "prompts",
                            bench.rows().size(),
                            "known",
                            known.get(set.getKey()),
                            "there_whole",
                            there,
                            "found",
                            found,
                            "found_by_a_gram_alone",
                            more));
        }
    }

    private static List<String> texts(List<JsonNode> rows, String field) {
        return rows.stream().map(row -> row.path(field).asText()).toList();
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }

    /** How often personal data is found in public sets, by kind. */
    private static void personal(Path data) throws IOException {
        for (String set : List.of(
                "gsm8k_model_solutions",
                "oasst1_en_val",
                "alpaca_eval",
                "pandalm",
                "hh_harmless",
                "ukp_convarg",
                "evouna_nq")) {
            List<String> texts = new ArrayList<>();
            try (Stream<Path> files = Files.list(data.resolve(set))) {
                for (Path file : files.filter(CleaningBench::isPart).sorted().toList()) {
                    if (file.toString().endsWith(".jsonl.gz")) {
                        for (JsonNode row : Texts.lines(data.resolve(set), String.valueOf(file.getFileName()))) {
                            Texts.texts(row, texts);
                        }
                    } else if (file.toString().endsWith(".json.gz")) {
                        Texts.texts(Texts.array(file), texts);
                    }
                }
            }
            Map<String, Integer> kinds = new TreeMap<>();
            int hit = 0;
            long characters = 0;
            long start = System.nanoTime();
            for (String text : texts) {
                List<PersonalData.Find> finds = PersonalData.in(text);
                hit += finds.isEmpty() ? 0 : 1;
                characters += text.length();
                finds.forEach(find -> kinds.merge(find.kind().id(), 1, Integer::sum));
                if (Boolean.getBoolean("prefstream.show")) {
                    finds.forEach(find -> System.err.println(
                            set + "\t" + find.kind() + "\t" + text.substring(find.from(), find.to())));
                }
            }
            say(
                    "pii/hits",
                    Map.of(
                            "set", set,
                            "texts", texts.size(),
                            "with_hits", hit,
                            "kinds", kinds,
                            "mb_per_s", Math.round(characters / 1e5 / seconds(start)) / 10.0));
        }
    }

    /** Whether a file is data; of a set in many parts the first is enough. */
    private static boolean isPart(Path file) {
        return file.toString().endsWith(".gz") && !file.toString().matches(".*(unjudged|-[2-9]-of-).*");
    }

    /** Nanoseconds of all threads on any core, RocksDB's among them: a busy machine changes them little. */
    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e5) / 1e4;
    }

    private static double ratio(int part, int of) {
        return of == 0 ? Double.NaN : Math.round(1000.0 * part / of) / 1000.0;
    }

    private static void say(String bench, Map<String, ?> line) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("bench", bench);
        new TreeMap<>(line).forEach(all::put);
        System.out.println(JSON.writeValueAsString(all));
    }
}
