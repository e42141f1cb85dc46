package io.prefstream.export.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.export.client.ExportFiles;
import io.prefstream.export.client.Files256;
import io.prefstream.export.client.Parquet;
import io.prefstream.export.view.Target.View;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the files of a view aside, and then gives the folder its name. The same pairs and options give the same bytes. */
public final class ViewFiles {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final List<String> SPLITS = List.of("train", "validation");
    private static final int SAY_EVERY = 10_000;

    /**
     * What is wanted.
     *
     * @param most tokens a side; 0 for no limit
     * @param lengths counts them; null without a limit
     * @param dropsLong whether pairs over the limit are left out; else they are marked in a column {@code cut}
     * @param licences licence of what came in a file, by file name; under {@code *} that of all others
     */
    public record Options(
            Target target,
            View view,
            String profile,
            int most,
            @Nullable Lengths lengths,
            boolean dropsLong,
            Map<String, String> licences) {}

    /**
     * What a run is called.
     *
     * @param configuration its settings
     * @param checkpoints ids of the models that decided, by role
     */
    public record Origin(
            int run, String configurationSha256, Map<String, String> configuration, Map<String, String> checkpoints) {}

    /**
     * What was written.
     *
     * @param rows by split
     * @param leftOut pairs by the reason for which they are not there
     * @param cut pairs by what the limit does to them
     * @param notes what a person should know
     */
    public record Written(
            Map<String, Long> rows, Map<String, Long> leftOut, Map<String, Long> cut, List<String> notes) {}

    private ViewFiles() {}

    /** Writes a view of published pairs into a folder, which must be new, empty or one of these. */
    public static Written write(
            List<Published> pairs, Options options, Origin origin, Path out, Consumer<String> progress)
            throws IOException {
        Path aside = out.resolveSibling("." + out.getFileName() + ".writing");
        ExportFiles.delete(aside);
        Files.createDirectories(aside);
        Map<String, Long> leftOut = new TreeMap<>();
        Map<String, Long> cut = new TreeMap<>();
        List<Published> fitting = fitting(pairs, options, leftOut, cut, progress);
        List<String> notes = new ArrayList<>();
        Map<String, Long> rows =
                options.view() == View.K_WAY ? kWay(fitting, options, aside, notes) : twoSided(fitting, options, aside);
        if (options.most() > 0) {
            notes.add(options.target().onOverLength());
        }
        extras(options, aside, rows);
        Written written = new Written(rows, leftOut, cut, notes);
        Files.writeString(aside.resolve("README.md"), ViewCard.markdown(fitting, options, origin, written, out));
        manifest(options, origin, written, aside);
        replace(aside, out);
        return written;
    }

    private static List<Published> fitting(
            List<Published> pairs,
            Options options,
            Map<String, Long> leftOut,
            Map<String, Long> cut,
            Consumer<String> progress) {
        List<Published> fitting = new ArrayList<>();
        int seen = 0;
        for (Published pair : pairs) {
            if (++seen % SAY_EVERY == 0) {
                progress.accept(seen + " of " + pairs.size() + " pairs");
            }
            String unfit = Rows.unfit(options.target(), pair).orElse(null);
            if (unfit != null) {
                leftOut.merge(unfit, 1L, Long::sum);
                continue;
            }
            Published.Cut found = options.lengths() == null
                    ? Published.Cut.NONE
                    : options.lengths().cut(pair, options.most());
            if (found != Published.Cut.NONE) {
                cut.merge(found.word(), 1L, Long::sum);
                if (options.dropsLong()) {
                    leftOut.merge(found.word() + " at " + options.most() + " tokens", 1L, Long::sum);
                    continue;
                }
            }
            fitting.add(pair.cut(found));
        }
        return fitting;
    }

    private static Map<String, Long> twoSided(List<Published> pairs, Options options, Path aside) throws IOException {
        Map<String, Long> rows = new LinkedHashMap<>();
        Target target = options.target();
        for (String split : SPLITS) {
            List<Published> of =
                    pairs.stream().filter(p -> p.split().equals(split)).toList();
            if (of.isEmpty()) {
                continue;
            }
            Path lines = aside.resolve(split + ".jsonl");
            long n = 0;
            try (BufferedWriter to = Files.newBufferedWriter(lines)) {
                for (Published pair : of) {
                    if (options.view() == View.KTO) {
                        line(to, Rows.single(target, pair, true));
                        line(to, Rows.single(target, pair, false));
                        n += 2;
                    } else {
                        line(to, Rows.pair(target, pair));
                        n++;
                    }
                }
            }
            rows.put(split, n);
            if (target.isParquet()) {
                Parquet.write(lines, aside.resolve(split + ".parquet"), Rows.columns(target));
                Files.delete(lines);
            }
            if (target == Target.VERL) {
                prompts(of, split, aside);
            }
        }
        return rows;
    }

    /** Every prompt once, for training a policy against a reward model. */
    private static void prompts(List<Published> pairs, String split, Path aside) throws IOException {
        Path lines = aside.resolve("prompts-" + split + ".jsonl");
        Map<String, Published> first = new LinkedHashMap<>();
        pairs.forEach(pair -> first.putIfAbsent(pair.history().toString(), pair));
        int index = 0;
        try (BufferedWriter to = Files.newBufferedWriter(lines)) {
            for (Published pair : first.values()) {
                line(to, Rows.prompt(pair, index++));
            }
        }
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("data_source", "VARCHAR");
        columns.put("prompt", Parquet.MESSAGES);
        columns.put("ability", "VARCHAR");
        columns.put("reward_model", "STRUCT(style VARCHAR, ground_truth VARCHAR)");
        columns.put("extra_info", "STRUCT(split VARCHAR, \"index\" BIGINT)");
        Parquet.write(lines, aside.resolve("prompts-" + split + ".parquet"), columns);
        Files.delete(lines);
    }

    private static Map<String, Long> kWay(List<Published> pairs, Options options, Path aside, List<String> notes)
            throws IOException {
        KWay.Found found = KWay.of(pairs);
        if (found.few() > 0) {
            notes.add(found.few() + " prompts have two answers: the view of pairs has them");
        }
        if (found.circles() > 0) {
            notes.add(found.circles() + " prompts are left out, since their pairs go round in a circle");
        }
        int least = options.target() == Target.REWARDBENCH ? 4 : 3;
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String split : SPLITS) {
            List<KWay.Ranking> of = found.rankings().stream()
                    .filter(r -> r.split().equals(split))
                    .filter(r -> r.answers().size() >= least)
                    .filter(r -> options.target() != Target.REWARDBENCH || bestIsOne(r))
                    .toList();
            if (of.isEmpty()) {
                continue;
            }
            try (BufferedWriter to = Files.newBufferedWriter(aside.resolve(split + ".jsonl"))) {
                for (KWay.Ranking ranking : of) {
                    line(to, Rows.kWay(options.target(), ranking));
                }
            }
            rows.put(split, (long) of.size());
        }
        return rows;
    }

    private static boolean bestIsOne(KWay.Ranking ranking) {
        return ranking.answers().get(1).rank() > 0;
    }

    private static void line(BufferedWriter to, ObjectNode row) throws IOException {
        to.write(JSON.writeValueAsString(row));
        to.write('\n');
    }

    private static void extras(Options options, Path aside, Map<String, Long> rows) throws IOException {
        if (options.target() == Target.LLAMAFACTORY) {
            ObjectNode all = JSON.createObjectNode();
            rows.keySet().forEach(split -> {
                ObjectNode entry = all.putObject("prefstream_" + split).put("file_name", split + ".jsonl");
                entry.put("formatting", "sharegpt");
                ObjectNode columns = JSON.createObjectNode().put("messages", "messages");
                if (options.view() == View.KTO) {
                    columns.put("kto_tag", "label");
                } else {
                    entry.put("ranking", true);
                    columns.put("chosen", "chosen").put("rejected", "rejected");
                }
                entry.set("columns", columns);
                entry.putObject("tags")
                        .put("role_tag", "role")
                        .put("content_tag", "content")
                        .put("user_tag", "user")
                        .put("assistant_tag", "assistant")
                        .put("system_tag", "system");
            });
            Files.writeString(
                    aside.resolve("dataset_info.json"),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        }
        if (options.target() == Target.AXOLOTL) {
            String limit = options.most() > 0 ? "sequence_len: " + options.most() + "\n" : "";
            Files.writeString(aside.resolve("axolotl.yaml"), """
                    base_model: MODEL
                    model_type: AutoModelForSequenceClassification
                    num_labels: 1
                    reward_model: true
                    datasets:
                    - path: train.jsonl
                      ds_type: json
                      type: bradley_terry.chat_template
                    output_dir: ./reward-model
                    """ + limit);
        }
    }

    private static void manifest(Options options, Origin origin, Written written, Path aside) throws IOException {
        Map<String, Object> manifest = new TreeMap<>();
        manifest.put("for", options.target().word());
        manifest.put("view", options.view().word());
        manifest.put("profile", options.profile());
        manifest.put("max_len", options.most());
        manifest.put("rows", written.rows());
        manifest.put("left_out", written.leftOut());
        manifest.put("cut", written.cut());
        manifest.put("notes", written.notes());
        manifest.put("licences", options.licences());
        manifest.put("run", origin.run());
        manifest.put("configuration", origin.configuration());
        manifest.put("configuration_sha256", origin.configurationSha256());
        manifest.put("checkpoints", origin.checkpoints());
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(aside)) {
            for (Path file : files.collect(Collectors.toList())) {
                hashes.put(String.valueOf(file.getFileName()), Files256.of(file));
            }
        }
        manifest.put("sha256", hashes);
        Files.writeString(
                aside.resolve("manifest.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
    }

    private static void replace(Path aside, Path out) throws IOException {
        if (Files.exists(out)) {
            if (Files.isRegularFile(out.resolve("manifest.json")) || isEmpty(out)) {
                ExportFiles.delete(out);
            } else {
                throw new IOException(out + " holds other files and is left as it is: use another --out");
            }
        }
        Files.move(aside, out, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
