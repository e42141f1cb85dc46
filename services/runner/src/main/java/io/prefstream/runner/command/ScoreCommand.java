package io.prefstream.runner.command;

import io.prefstream.ingest.client.AnswerFiles;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.FileReport;
import io.prefstream.ingest.domain.AnswerRow;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.kit.config.SettingFlags;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.FetchedModels;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.runner.models.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores answers with a reward model. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Scores answers with a reward model, as JSON lines: pairs (both scores, margin, probability), conversations (a"
                    + " score), or several answers to a prompt (scores, and which is best).",
            "A row that can't be scored is named on standard error, the others go on, and the exit code is 1."
        })
final class ScoreCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of a run, OUT/.prefstream by default; needed for every model but a folder's.")
    private @Nullable Path folder;

    @Parameters(
            paramLabel = "FILE",
            description =
                    "Preference rows in any shape that curate takes; rows with messages, or prompt and response; or"
                            + " rows with prompt and responses.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--model",
            defaultValue = "best",
            description = "best, gold, a checkpoint id, or the path or URI of a model's folder (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write; standard output by default.")
    private @Nullable Path out;

    @Mixin
    private ColumnOption map = new ColumnOption();

    @Override
    public Integer call() throws IOException {
        try (Models.Opened opened =
                new Models(new FetchedModels(SettingFlags.gather(spec), folder)).open(model, this::open)) {
            Path to = out;
            if (to == null) {
                return score(
                        file,
                        map.columns,
                        opened,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr());
            }
            try (Writer writer = Files.newBufferedWriter(to)) {
                return score(
                        file, map.columns, opened, writer, spec.commandLine().getErr());
            } catch (java.nio.file.FileSystemException e) {
                throw new UserError(
                        "cannot write to " + to + " (" + e.getClass().getSimpleName() + "): give another --out");
            }
        }
    }

    /** Scores a file's rows in their order; 1 when a row was left out. */
    static int score(Path file, Map<String, String> columns, Models.Opened model, Writer out, PrintWriter err)
            throws IOException {
        ScoredRows rows = new ScoredRows(model, out, err);
        FileReport report;
        try {
            report = AnswerFiles.read(
                    file,
                    columns,
                    row -> {
                        switch (row) {
                            case Candidate pair -> rows.take(pair);
                            case Refused refused -> rows.refuse(refused.message());
                        }
                    },
                    (AnswerRow row) -> rows.take(row));
        } catch (FileRefused e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
        rows.end();
        if (report.damage() != null) {
            throw new UserError(report.damage());
        }
        return rows.leftOut() == 0 ? 0 : 1;
    }

    private OpenFolder open() {
        if (folder == null) {
            throw new UserError(
                    "model " + model + " is one of a run: give its --data-dir, or the path of a model's folder", 2);
        }
        return DataFolderOption.open(folder);
    }
}
