package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.ExportRun;
import io.prefstream.runner.app.FolderRun;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.app.RunDiff;
import io.prefstream.runner.app.RunSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells which verdicts differ between two runs, and why. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Tells which pairs two runs decided differently, and which fact or setting made the difference.")
final class DiffCommand implements Callable<Integer> {

    private static final Pattern RUN = Pattern.compile("(?:run-)?([1-9][0-9]{0,8})");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder whose runs are meant by run-1, run-2, ...")
    private @Nullable Path folder;

    @Option(names = "--json", description = "Print JSON instead of text.")
    private boolean json;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Changed pairs to show, the lowest ids first; 0 shows all. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--exit-code", description = "Exit with 1 when a verdict differs.")
    private boolean exitCode;

    @Parameters(
            index = "0",
            paramLabel = "A",
            description =
                    "A run of --data-dir (run-1), an export folder, a variant's folder of an ablation, or a data folder.")
    @SuppressWarnings("NullAway.Init")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The other one.")
    @SuppressWarnings("NullAway.Init")
    private String second;

    @Override
    public Integer call() throws IOException {
        if (limit < 0) {
            throw new UserError("--limit must be 0 or more, not " + limit);
        }
        RunSource a = source(first);
        RunSource b = source(second);
        RunDiff diff = RunDiff.of(a, b);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(json(diff, a.name(), b.name(), limit));
        } else {
            print(diff, a.name(), b.name(), limit, to);
        }
        to.flush();
        return exitCode && !diff.changes().isEmpty() ? 1 : 0;
    }

    private RunSource source(String told) {
        Matcher run = RUN.matcher(told);
        if (run.matches()) {
            if (folder == null) {
                throw new UserError(told + " is a run of a folder: say which with --data-dir");
            }
            return read(folder, Integer.parseInt(run.group(1)));
        }
        Path path = Path.of(told);
        if (Files.exists(path.resolve("verdicts.jsonl"))) {
            return ExportRun.read(path);
        }
        if (Files.isDirectory(path.resolve("broker"))) {
            return read(path, 0);
        }
        if (Files.exists(path.resolve("ablation.json"))) {
            throw new UserError(
                    told + " holds a run for each variant: give one of them, such as " + path.resolve("base"));
        }
        throw new UserError(told + " is no run: give run-1 with --data-dir, an export folder that holds verdicts.jsonl,"
                + " or a data folder");
    }

    private static RunSource read(Path folder, int run) {
        try (OpenFolder open = DataFolderOption.open(folder)) {
            return FolderRun.read(open, run);
        }
    }

    static String json(RunDiff diff, String a, String b, int limit) throws IOException {
        Map<String, Object> all = new TreeMap<>();
        all.put("a", a);
        all.put("b", b);
        all.put("counts", diff.counts());
        all.put("settings", diff.settings());
        all.put("changed", diff.changes().size());
        all.put("causes", diff.causes());
        all.put(
                "pairs",
                shown(diff, limit).stream()
                        .map(c -> new TreeMap<>(Map.of(
                                "pair_id", c.pairId(),
                                "place", c.place(),
                                "before", c.before(),
                                "after", c.after(),
                                "cause", c.cause(),
                                "details", c.details(),
                                "other_causes", c.others())))
                        .toList());
        return JSON.writeValueAsString(all);
    }

    static void print(RunDiff diff, String a, String b, int limit, PrintWriter to) {
        diff.settings().forEach(line -> to.println("setting " + line));
        to.println("verdict in " + a + " -> in " + b);
        diff.counts()
                .forEach((before, row) -> row.forEach((after, n) -> to.printf(
                        "  %-14s -> %-14s %8d%s%n", before, after, n, before.equals(after) ? "" : "  changed")));
        if (diff.changes().isEmpty()) {
            to.println("no verdict differs");
            return;
        }
        int changed = diff.changes().size();
        to.println("why " + changed + (changed == 1 ? " verdict differs" : " verdicts differ"));
        diff.causes().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(cause -> to.printf("  %8d  %s%n", cause.getValue(), cause.getKey()));
        for (RunDiff.Change c : shown(diff, limit)) {
            to.println(c.pairId() + "  " + c.place() + "  " + c.before() + " -> " + c.after());
            to.println("  cause    " + c.cause());
            c.details().forEach(detail -> to.println("  changed  " + detail));
            if (!c.others().isEmpty()) {
                to.println("  or also  " + String.join("; ", c.others()));
            }
        }
        int left = changed - shown(diff, limit).size();
        if (left > 0) {
            to.println("and " + left + " more; --limit 0 shows all");
        }
    }

    private static List<RunDiff.Change> shown(RunDiff diff, int limit) {
        return limit == 0
                ? diff.changes()
                : diff.changes().stream().limit(limit).toList();
    }
}
