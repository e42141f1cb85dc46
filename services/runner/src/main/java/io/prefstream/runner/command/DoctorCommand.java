package io.prefstream.runner.command;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.export.doctor.Diagnosis;
import io.prefstream.export.doctor.Doctor;
import io.prefstream.export.doctor.DoctorReport;
import io.prefstream.export.doctor.ManifestCheck;
import io.prefstream.export.view.Target;
import io.prefstream.ingest.client.BenchmarkFile;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.RowFiles;
import io.prefstream.ingest.client.RowSink;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.kit.config.UserError;
import io.prefstream.models.chat.ChatTokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what trainers would do wrong with files of preferences. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Says what trainers would do wrong with files of preferences, of prefstream or not. Writes nothing.",
            "Exit codes: 0 nothing worse than notes, 1 errors or warnings, 2 wrong usage."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final Set<String> NO_ROWS =
            Set.of("manifest.json", "dataset_info.json", "verdicts.jsonl", "to-label.jsonl");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE_OR_FOLDER",
            arity = "1..*",
            description =
                    "JSONL, JSON, CSV or Parquet, plain, .gz or .zst. Of a folder the files in it; beside Parquet, JSON lines of the"
                            + " same name are left out.")
    private List<Path> inputs = List.of();

    @Option(
            names = "--for",
            split = ",",
            paramLabel = "TRAINER",
            defaultValue = "all",
            description =
                    "trl, openrlhf, llamafactory, axolotl, nemo-rl, verl, rewardbench, rlhflow, canonical, several of them with"
                            + " commas, or all (${DEFAULT-VALUE}).")
    private List<String> words = List.of();

    @Option(
            names = "--max-len",
            paramLabel = "TOKENS",
            defaultValue = "0",
            description =
                    "Tokens a side that the trainer will be given: says which rows it drops, cuts or makes alike.")
    private int most;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Folder of the model that is trained, with its tokenizer.json and chat template.")
    private @Nullable Path tokenizer;

    @Option(names = "--eval", paramLabel = "FILE", description = "A file that is held out, whatever its name.")
    private List<Path> held = List.of();

    @Option(
            names = "--benchmark",
            paramLabel = "FILE",
            description = "A benchmark whose prompts must not be trained on.")
    private List<Path> benchmarks = List.of();

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "The manifest to hold the files against; manifest.json beside them by default.")
    private @Nullable Path manifest;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Set<Target> targets = targets();
        if (most < 0 || (most > 0) != (tokenizer != null)) {
            throw new UserError(
                    "--max-len needs a --tokenizer, and a --tokenizer a --max-len: tokens are counted as the model that is trained"
                            + " counts them",
                    2);
        }
        BenchmarkPrompts prompts = prompts();
        Path model = tokenizer;
        if (model == null) {
            return report(look(new Doctor(targets, 0, null, prompts)));
        }
        try (ChatTokenizer opened = ChatTokenizer.open(model)) {
            Doctor doctor = new Doctor(targets, most, opened::tokens, prompts);
            doctor.tokenizer(opened.padIsEnd(), opened.doublesBegin(), model.toString());
            return report(look(doctor));
        } catch (IOException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private Set<Target> targets() {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (String word : words) {
            if (word.equals("all")) {
                return EnumSet.allOf(Target.class);
            }
            targets.add(Target.named(word)
                    .orElseThrow(() ->
                            new UserError("--for must be all or some of " + Target.words() + ", got " + word, 2)));
        }
        return targets;
    }

    private BenchmarkPrompts prompts() {
        BenchmarkPrompts prompts = new BenchmarkPrompts();
        for (Path file : benchmarks) {
            try {
                BenchmarkFile.Items items = BenchmarkFile.read(file);
                items.rows().forEach(row -> prompts.add(items.name(), row.item(), row.prompt()));
            } catch (FileRefused e) {
                throw new UserError(String.valueOf(e.getMessage()));
            }
        }
        return prompts;
    }

    private Diagnosis look(Doctor doctor) throws IOException {
        Map<Path, Map<String, Long>> manifests = new TreeMap<>();
        for (Path input : inputs) {
            Path root =
                    Files.isDirectory(input) ? input : input.toAbsolutePath().getParent();
            Path beside = manifest != null ? manifest : root == null ? input : root.resolve("manifest.json");
            for (Path file : Files.isDirectory(input) ? files(input) : List.of(input)) {
                String name = root == null || !Files.isDirectory(input)
                        ? String.valueOf(file.getFileName())
                        : root.relativize(file).toString();
                long rows = read(file, name, false, doctor);
                if (manifest != null || Files.isRegularFile(beside)) {
                    manifests.computeIfAbsent(beside, m -> new TreeMap<>()).put(name, rows);
                }
            }
        }
        for (Path file : held) {
            read(file, String.valueOf(file.getFileName()), true, doctor);
        }
        for (Map.Entry<Path, Map<String, Long>> found : manifests.entrySet()) {
            check(found.getKey(), found.getValue(), doctor);
        }
        return doctor.end();
    }

    private void check(Path told, Map<String, Long> rows, Doctor doctor) {
        try {
            ManifestCheck.check(told, rows, doctor);
        } catch (IOException e) {
            if (manifest != null) { // one that merely lies there may be another tool's
                throw new UserError(told + " cannot be read as a manifest: " + e.getMessage());
            }
        }
    }

    /** Files of rows in a folder, in the order of their names. */
    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !hidden(folder.relativize(file)))
                    .filter(file -> !NO_ROWS.contains(String.valueOf(file.getFileName())))
                    .filter(file -> bare(file).matches(".*\\.(jsonl|json|ndjson|csv|tsv|parquet)"))
                    .sorted()
                    .forEach(files::add);
        }
        List<Path> once = files.stream()
                .filter(file -> !bare(file).endsWith(".jsonl")
                        || !files.contains(file.resolveSibling(bare(file).replaceFirst("\\.jsonl$", ".parquet"))))
                .toList();
        if (once.isEmpty()) {
            throw new UserError(
                    folder + " holds no file of rows: name a file, or a folder with JSONL, JSON, CSV or Parquet");
        }
        return once;
    }

    private static boolean hidden(Path below) {
        for (Path part : below) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static String bare(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
    }

    /** Gives a file to the doctor; its rows are counted. */
    private static long read(Path file, String name, boolean evaluates, Doctor doctor) {
        long[] rows = {0};
        doctor.begin(name, evaluates);
        RowSink sink = new RowSink() {
            @Override
            public void row(long line, Map<String, @Nullable Object> fields) {
                rows[0]++;
                doctor.row(line, fields);
            }

            @Override
            public void fault(long line, RowFault fault) {
                rows[0]++;
                doctor.fault(line, fault.rule().id(), fault.field(), fault.reason());
            }
        };
        try {
            String damage = RowFiles.read(file, sink);
            if (damage != null) {
                doctor.damaged(damage);
            }
        } catch (FileRefused e) {
            if (!Files.isRegularFile(file)) {
                throw new UserError(String.valueOf(e.getMessage()), 2);
            }
            doctor.damaged(String.valueOf(e.getMessage()));
        }
        return rows[0];
    }

    private int report(Diagnosis diagnosis) throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(DoctorReport.json(diagnosis));
        } else {
            to.print(DoctorReport.text(diagnosis));
        }
        to.flush();
        return diagnosis.healthy() ? 0 : 1;
    }
}
