package io.prefstream.runner.command;

import io.prefstream.export.app.Exporter;
import io.prefstream.export.client.ExportFiles;
import io.prefstream.export.domain.Outcome;
import io.prefstream.export.view.Published;
import io.prefstream.export.view.Release;
import io.prefstream.export.view.Target;
import io.prefstream.export.view.Target.View;
import io.prefstream.export.view.ViewCard;
import io.prefstream.export.view.ViewFiles;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.models.chat.ChatTokenizer;
import io.prefstream.runner.app.OpenFolder;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.Round;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the published pairs as a trainer wants them. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the pairs that the last run published as a trainer wants them, with a card, a manifest and the command to"
                    + " train with.",
            "The same folder and options give the same bytes."
        })
final class ExportCommand implements Callable<Integer> {

    private static final String CURATED = "curated";
    private static final String RECYCLED = "curated+recycled";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Option(
            names = "--for",
            required = true,
            paramLabel = "TRAINER",
            description = "trl, openrlhf, llamafactory, axolotl, nemo-rl, verl, rewardbench, rlhflow or canonical.")
    @SuppressWarnings("NullAway.Init")
    private String target;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the files.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--profile",
            paramLabel = "RELEASE",
            defaultValue = CURATED,
            description =
                    "curated: pairs whose label stands or people corrected; curated+recycled: also those whose label the"
                            + " models turned round (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String profile;

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            defaultValue = "pairs",
            description = "pairs, kto (one answer a row, wanted or not) or k-way (all answers to a prompt, in order)"
                    + " (${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String view;

    @Option(
            names = "--max-len",
            paramLabel = "TOKENS",
            defaultValue = "0",
            description =
                    "Tokens a side: longer pairs, and pairs that are alike when cut there, are counted and marked.")
    private int most;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Folder of the model that is trained, with its tokenizer.json and chat template.")
    private @Nullable Path tokenizer;

    @Option(names = "--drop-long", description = "Leave out what --max-len would mark.")
    private boolean dropLong;

    @Option(
            names = "--license",
            paramLabel = "[FILE=]TEXT",
            description =
                    "Licence and owner of what came in an input file, or of all; for the card. May be given several times.")
    private List<String> licences = List.of();

    @Override
    public Integer call() throws IOException {
        Target wanted = Target.named(target)
                .orElseThrow(() -> new UserError("--for must be one of " + Target.words() + ", got " + target, 2));
        View shape =
                View.named(view).orElseThrow(() -> new UserError("--view must be pairs, kto or k-way, got " + view, 2));
        if (!wanted.takes(shape)) {
            throw new UserError(target + " has no view " + view + ": leave --view out, or use another --for", 2);
        }
        if (!profile.equals(CURATED) && !profile.equals(RECYCLED)) {
            throw new UserError("--profile must be " + CURATED + " or " + RECYCLED + ", got " + profile, 2);
        }
        if (most < 0 || (most > 0) != (tokenizer != null)) {
            throw new UserError(
                    "--max-len needs a --tokenizer, and a --tokenizer a --max-len: tokens are counted as the model that is trained"
                            + " counts them",
                    2);
        }
        PrintWriter to = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Outcome outcome;
        Map<String, String> categories = new HashMap<>();
        int[] run = {0};
        try (OpenFolder open = data.open()) {
            outcome = Exporter.outcome(open.installation(), open.wire());
            try (TopicReader reader =
                    new TopicReader(open.installation(), open.wire(), List.of(Topics.PAIR_ATTRIBUTES, Topics.ROUNDS))) {
                reader.readToEnd((topic, key, value) -> {
                    if (value instanceof PairAttributes tags) {
                        categories.put(tags.getPairId(), tags.getTaskCategory());
                    } else if (value instanceof Round round && round.getPhase().equals("done")) {
                        run[0] = Math.max(run[0], round.getRun());
                    }
                });
            }
        }
        if (run[0] == 0) {
            throw new UserError("no run has ended in this folder: curate something first");
        }
        List<Published> pairs = Release.of(outcome, profile.equals(RECYCLED), categories);
        if (tokenizer == null) {
            return report(write(pairs, wanted, shape, null, outcome, run[0], err), wanted, shape, to, err);
        }
        try (ChatTokenizer opened = ChatTokenizer.open(tokenizer)) {
            return report(write(pairs, wanted, shape, opened, outcome, run[0], err), wanted, shape, to, err);
        } catch (IOException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private ViewFiles.Written write(
            List<Published> pairs,
            Target wanted,
            View shape,
            @Nullable ChatTokenizer opened,
            Outcome outcome,
            int run,
            PrintWriter err)
            throws IOException {
        Map<String, String> checkpoints = new TreeMap<>();
        outcome.served(run)
                .forEach(c -> checkpoints.put(c.getRole().name().toLowerCase(Locale.ROOT), c.getCheckpointId()));
        return ViewFiles.write(
                pairs,
                new ViewFiles.Options(
                        wanted, shape, profile, most, opened == null ? null : opened::tokens, dropLong, licences()),
                new ViewFiles.Origin(
                        run,
                        ExportFiles.configurationSha256(outcome.configuration(run)),
                        outcome.configuration(run),
                        checkpoints),
                out,
                line -> {
                    err.println(line);
                    err.flush();
                });
    }

    private Map<String, String> licences() {
        Map<String, String> all = new TreeMap<>();
        for (String licence : licences) {
            int equals = licence.indexOf('=');
            all.put(equals < 0 ? "*" : licence.substring(0, equals), licence.substring(equals + 1));
        }
        return all;
    }

    private int report(ViewFiles.Written written, Target wanted, View shape, PrintWriter to, PrintWriter err) {
        written.rows().forEach((split, n) -> to.println(split + ": " + n + " rows"));
        written.cut().forEach((what, n) -> to.println(n + " pairs are " + what + " at " + most + " tokens"));
        written.leftOut().forEach((why, n) -> to.println(n + " pairs are left out: " + why));
        written.notes().forEach(note -> to.println("Note: " + note + "."));
        if (licences.isEmpty()) {
            err.println("prefstream: no --license was given, so the card says that the licence is unknown");
        }
        if (written.rows().isEmpty()) {
            err.println("prefstream: nothing is published in this view, so there is nothing to train on");
            return 1;
        }
        to.println("Train with: " + ViewCard.command(wanted, shape, out, most));
        to.flush();
        return 0;
    }
}
