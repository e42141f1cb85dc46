package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.note;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.pair.Message;
import io.prefstream.export.doctor.Diagnosis.Verdict;
import io.prefstream.export.view.Lengths;
import io.prefstream.export.view.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at rows of preferences as they come and says what trainers would do with them. Holds hashes of rows, never rows: about 16
 * bytes a pair and as much a prompt. Not thread-safe.
 */
public final class Doctor {

    private static final int MOST_COLUMNS = 12;

    private final Set<Target> targets;
    private final int most;
    private final @Nullable Lengths lengths;
    private final BenchmarkPrompts benchmarks;
    private final Findings findings = new Findings();
    private final Across across = new Across();
    private final Map<Layout, Long> layouts = new EnumMap<>(Layout.class);
    private final List<String> files = new ArrayList<>();
    private Columns columns = new Columns();
    private boolean table;
    private String split = "";
    private long rows;
    private long rowsOfFile;
    private long singleTurns;

    /**
     * Begins.
     *
     * @param most tokens a side; 0 for no limit
     * @param lengths counts them; null without a limit
     * @param benchmarks prompts that must not be trained on
     */
    public Doctor(Set<Target> targets, int most, @Nullable Lengths lengths, BenchmarkPrompts benchmarks) {
        this.targets = Set.copyOf(targets);
        this.most = most;
        this.lengths = lengths;
        this.benchmarks = benchmarks;
    }

    /**
     * Begins a file.
     *
     * @param evaluates whether it is held out, whatever its name
     */
    public void begin(String name, boolean evaluates) {
        endFile();
        files.add(name);
        columns = new Columns();
        rowsOfFile = 0;
        singleTurns = 0;
        String bare = name.toLowerCase(Locale.ROOT);
        String unpacked = bare.replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
        table = unpacked.endsWith(".csv") || unpacked.endsWith(".tsv");
        split = evaluates ? "eval" : Across.split(name);
        if (!bare.equals(unpacked)) {
            Effect packed = error(
                    "packed-file",
                    "a name that does not end in jsonl, json, csv, parquet or arrow is taken for a hub id, or refused",
                    "unpack the file");
            for (Target target : List.of(Target.OPENRLHF, Target.LLAMAFACTORY)) {
                file(target, packed);
            }
        }
    }

    /** Looks at a row. */
    public void row(long line, Map<String, @Nullable Object> row) {
        rows++;
        rowsOfFile++;
        Layout layout = Layout.of(row);
        TargetNotes notes = (target, effect, field) -> {
            if (target == null || targets.contains(target)) {
                findings.add(target, effect, new Place(files.getLast(), line, field, ""));
            }
        };
        Notes all = (effect, field) -> notes.add(null, effect, field);
        layouts.merge(layout, 1L, Long::sum);
        singleTurns += layout == Layout.SINGLE_TURN ? 1 : 0;
        shape(row, line, all);
        if (layout == Layout.UNKNOWN) {
            unknown(row, line);
            return;
        }
        for (Target target : inOrder()) {
            Matrix.of(target, layout).ifPresent(effect -> notes.add(target, effect, ""));
            TargetRules.margin(target, row, table, (effect, field) -> notes.add(target, effect, field));
        }
        Sides sides = PairRules.filled(layout, row, all) ? Sides.of(layout, row, all) : null;
        if (layout == Layout.SINGLE) {
            label(row.get("label"), all);
        }
        if (sides != null) {
            content(layout, row, sides, notes, all);
        }
    }

    private void content(Layout layout, Map<String, @Nullable Object> row, Sides sides, TargetNotes notes, Notes all) {
        PairRules.check(layout, row, sides, all);
        for (Target target : inOrder()) {
            if (Matrix.of(target, layout)
                    .filter(e -> e.severity() == Severity.ERROR)
                    .isEmpty()) {
                TargetRules.check(target, layout, row, sides, (effect, field) -> notes.add(target, effect, field));
            }
        }
        Object named = row.get("split");
        across.look(layout, sides, named instanceof String text && !text.isBlank() ? Across.split(text) : split, all);
        if (lengths == null) {
            LengthRules.likely(targets, sides, notes);
        } else if (layout != Layout.RL_PROMPT) {
            LengthRules.exact(targets, sides, lengths, most, notes);
        }
        BenchmarkPrompts.Hit hit = benchmarks.find(sides.prompt(), text(sides.chosen()), text(sides.rejected()));
        if (hit != null) {
            notes.add(
                    null,
                    warning(
                            "benchmark-overlap",
                            "shares words with a prompt of the benchmark " + hit.benchmark()
                                    + ": scores on it mean less",
                            "leave the row out of training"),
                    "");
        }
    }

    private void shape(Map<String, @Nullable Object> row, long line, Notes all) {
        columns.mixed(row)
                .ifPresent(column -> all.add(
                        error(
                                "mixed-types",
                                "a column holds values of another kind than in the rows before: datasets before 5 refuses the file,"
                                        + " and trainers judge all rows by the first",
                                "write one kind of value a column"),
                        column));
        if (!table) {
            return;
        }
        row.forEach((column, value) -> {
            if (value instanceof List || value instanceof Map) {
                findings.add(
                        error(
                                "csv-json",
                                "a cell of CSV is a text, though it looks like messages: trainers take it for a plain string, or for"
                                        + " a list of characters",
                                "write JSON lines or Parquet"),
                        new Place(files.getLast(), line, column, ""));
            }
        });
    }

    private void unknown(Map<String, @Nullable Object> row, long line) {
        List<String> empty = Layout.TOLD.stream()
                .filter(row::containsKey)
                .filter(c -> row.get(c) == null || List.of().equals(row.get(c)))
                .toList();
        if (!empty.isEmpty()) {
            findings.add(
                    error(
                            "null-field",
                            "a field that trainers read holds nothing: they fail on it (TypeError, IndexError), or take it for the"
                                    + " text None",
                            "leave the row out, or fill the field"),
                    new Place(files.getLast(), line, empty.getFirst(), ""));
            return;
        }
        String names = row.keySet().stream().limit(MOST_COLUMNS).collect(Collectors.joining(", "));
        findings.add(
                error(
                        "unknown-shape",
                        "the columns are no shape of preferences that a trainer reads",
                        "name them prompt, chosen and rejected; prefstream inspect --map tells how"),
                new Place(files.getLast(), line, "", names.length() > 100 ? names.substring(0, 100) + "..." : names));
    }

    private void label(@Nullable Object label, Notes all) {
        if (label instanceof Boolean wanted) {
            across.label(wanted);
        } else if (!(table && label instanceof String text && text.matches("(?i)true|false"))) {
            all.add(
                    error(
                            "label-not-boolean",
                            "a label that is not true or false: TRL takes any text and any number but 0 for wanted, LLaMA-Factory"
                                    + " takes the row for a plain example",
                            "write true or false without quotes"),
                    "label");
        }
    }

    /** Notes a row that cannot be read. */
    public void fault(long line, String rule, String field, String reason) {
        rows++;
        rowsOfFile++;
        findings.add(
                rule.equals("too-large")
                        ? warning(
                                "row-too-large", "a row is so large that it was passed over here", "look at it by hand")
                        : error(
                                "unreadable-row",
                                "a row is not what its format asks for: datasets gives up on the whole file",
                                "mend or leave out the row"),
                new Place(files.getLast(), line, field, reason));
    }

    /** Notes a file that cannot be read, or not to its end. */
    public void damaged(String reason) {
        findings.add(
                error(
                        "damaged-file",
                        "the file cannot be read to its end: loading fails, or rows are missing",
                        "get it again"),
                new Place(files.getLast(), 0, "", reason));
    }

    /** Notes a file that a manifest does not agree with. */
    public void manifest(String name, String reason) {
        findings.add(
                error(
                        "manifest-differs",
                        "the files are not those that the manifest tells of: nobody knows what is trained on",
                        "export again, or write a manifest of these files"),
                new Place(name, 0, "", reason));
    }

    /** Notes what a model's tokenizer makes of every row. */
    public void tokenizer(boolean padIsEnd, boolean doublesBegin, String folder) {
        if (padIsEnd) {
            findings.add(
                    note(
                            "pad-is-end",
                            "pad_token is eos_token: a pooling that looks for the last token that is no pad takes one too early,"
                                    + " and equal scores follow",
                            "give the model a pad token of its own, and set pad_token_id"),
                    new Place(folder, 0, "pad_token", ""));
        }
        if (doublesBegin) {
            findings.add(
                    note(
                            "begin-twice",
                            "template and tokenizer both write the token of the beginning: what tokenizes a templated text with"
                                    + " special tokens has it twice",
                            "tokenize templated text with add_special_tokens=False"),
                    new Place(folder, 0, "bos_token", ""));
        }
    }

    /** Ends the last file and says what was found. */
    public Diagnosis end() {
        endFile();
        String of = files.size() == 1 ? files.getFirst() : files.size() + " files";
        if (rows > 0) {
            across.end(findings, of);
        }
        List<Finding> found = findings.sorted();
        Map<String, Long> shapes = new LinkedHashMap<>();
        layouts.entrySet().stream()
                .sorted(Map.Entry.<Layout, Long>comparingByValue(Comparator.reverseOrder()))
                .forEach(e -> shapes.put(e.getKey().id() + ": " + e.getKey().what(), e.getValue()));
        return new Diagnosis(
                rows,
                List.copyOf(files),
                shapes,
                found,
                inOrder().stream().map(target -> verdict(target, found)).toList());
    }

    private Verdict verdict(Target target, List<Finding> found) {
        long errors = of(target, Severity.ERROR, found);
        String with = layouts.size() == 1 && errors == 0
                ? Matrix.with(target, layouts.keySet().iterator().next())
                : "";
        return new Verdict(target, errors, of(target, Severity.WARNING, found), with);
    }

    private static long of(Target target, Severity severity, List<Finding> found) {
        return found.stream()
                .filter(f -> f.severity() == severity && (f.target() == null || f.target() == target))
                .count();
    }

    private void endFile() {
        if (files.isEmpty()) {
            return;
        }
        if (singleTurns > 0 && !columns.has("system")) {
            file(
                    Target.AXOLOTL,
                    error(
                            "system-missing",
                            "bradley_terry.chat_template reads system of every row: KeyError, though its documentation calls it"
                                    + " optional",
                            "add a column system, null where there is none"));
        }
        if (rowsOfFile == 0) {
            findings.add(
                    error("no-rows", "nothing could be read: there is nothing to train on", "look at the file"),
                    new Place(files.getLast(), 0, "", ""));
        }
    }

    private void file(Target target, Effect effect) {
        if (targets.contains(target)) {
            findings.add(target, effect, new Place(files.getLast(), 0, "", ""));
        }
    }

    private List<Target> inOrder() {
        return targets.stream().sorted().toList();
    }

    private static String text(List<Message> turns) {
        return turns.stream().map(Message::content).collect(Collectors.joining("\n"));
    }
}
