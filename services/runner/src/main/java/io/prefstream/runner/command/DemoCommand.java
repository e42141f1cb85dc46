package io.prefstream.runner.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.SettingSources;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.runner.app.Curation;
import io.prefstream.runner.app.LocalSystem;
import io.prefstream.runner.app.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Curates the sample that ships with the product, whose wrong labels are known. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Curates the shipped sample in a fresh folder and says how many of its known wrong labels were found.")
final class DemoCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to leave the result; a temporary folder by default.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("prefstream-demo");
        Path result = out == null ? folder.resolve("out") : out;
        Path pairs = unpack("pairs.jsonl", folder);
        Path labels = unpack("labels.jsonl", folder);
        JsonNode truth = JSON.readTree(unpack("answers.json", folder).toFile());
        PrintWriter to = spec.commandLine().getOut();
        to.println(
                "Curating the shipped sample: 640 rows, of which 132 pairs carry a wrong label, 12 rows are broken,");
        to.println("and people have labelled 150 pairs.");
        to.flush();
        // The same for everyone, whatever file and environment say.
        Settings settings = SettingSources.gather(null, Map.of(), Map.of("rounds", "3", "to-label", "50"));
        Curation.Result done;
        try (LocalSystem system = LocalSystem.start(folder.resolve("data"), 4, new LocalSystem.Ports(0, 0))) {
            system.startStages(settings.stages());
            done = new Curation(system, spec.commandLine().getErr()::println)
                    .run(List.of(pairs), labels, settings.run(), result, new Progress(System.err, false));
        }
        Summary.print(done, to);
        found(truth, result.resolve("verdicts.jsonl"), to);
        to.println("Look at " + result + ": report.md, verdicts.jsonl, curated/. The data folder is "
                + folder.resolve("data") + ";");
        to.println("try  prefstream topics --data-dir " + folder.resolve("data"));
        to.flush();
        return 0;
    }

    private static void found(JsonNode truth, Path verdicts, PrintWriter to) throws IOException {
        Set<String> wrong = new HashSet<>();
        truth.path("wrong_labels").forEach(id -> wrong.add(id.asText()));
        int flippedWrong = 0;
        int flippedRight = 0;
        int keptWrong = 0;
        int keptRight = 0;
        int held = 0;
        for (String line : Files.readAllLines(verdicts)) {
            JsonNode row = JSON.readTree(line);
            String id = row.path("source_id").asText("");
            if (!truth.path("pairs").has(id)) {
                continue;
            }
            switch (row.path("verdict").asText()) {
                case "keep" -> {
                    keptWrong += wrong.contains(id) ? 1 : 0;
                    keptRight += wrong.contains(id) ? 0 : 1;
                }
                case "flip" -> {
                    flippedWrong += wrong.contains(id) ? 1 : 0;
                    flippedRight += wrong.contains(id) ? 0 : 1;
                }
                default -> held += wrong.contains(id) ? 1 : 0;
            }
        }
        to.printf(
                "Known wrong labels: %d. Corrected: %d. Held back: %d. Kept by mistake: %d.%n",
                wrong.size(), flippedWrong, held, keptWrong);
        to.printf(
                "Of %d pairs kept, %d are right; of %d flipped, %d were wrong.%n",
                keptRight + keptWrong, keptRight, flippedRight + flippedWrong, flippedWrong);
    }

    private static Path unpack(String name, Path folder) throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/sample/" + name)) {
            if (in == null) {
                throw new UserError("the sample is missing from this build: build again");
            }
            Path file = folder.resolve(name);
            Files.copy(in, file);
            return file;
        }
    }
}
