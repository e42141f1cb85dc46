package io.prefstream.runner.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped sample under the selection preset. */
class SelectionIT {

    private static final Map<String, String> SETTINGS =
            Map.of("rounds", "1", "seed", "7", "gold.min", "30", "keep", "0.85", "flip", "0.1", "selection", "preset");

    @TempDir
    private Path folder;

    @Test
    void selectsTheSamePairsAtOneAndAtFourPartitionsAndTheFilterPublishesJustThese() throws Exception {
        Map<String, PairSelection> one = curate("one", 1);
        Map<String, PairSelection> four = curate("four", 4);

        assertThat(four).isEqualTo(one);
        assertThat(Files.readString(out("four").resolve("manifest.json")))
                .isEqualTo(Files.readString(out("one").resolve("manifest.json")));
        assertThat(Files.readString(out("one").resolve("report.md")))
                .contains("## What did the selection pick?", "effective topics: ", "| quarantine | not-selected |");
    }

    private Map<String, PairSelection> curate(String name, int partitions) throws Exception {
        PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (LocalSystem system = LocalSystem.start(folder.resolve(name), partitions, new LocalSystem.Ports(0, 0))) {
            system.startStages(SETTINGS);
            new Curation(system, message -> {})
                    .run(
                            List.of(sample("pairs.jsonl")),
                            sample("labels.jsonl"),
                            SETTINGS,
                            out(name),
                            new Progress(quiet, true));
        }
        Map<String, PairSelection> selections = new TreeMap<>();
        Map<String, Verdict> verdicts = new TreeMap<>();
        try (LocalSystem system = LocalSystem.read(folder.resolve(name));
                TopicReader reader = new TopicReader(
                        system.installation(), system.wire(), List.of(Topics.SELECTIONS, Topics.VERDICTS))) {
            reader.readToEnd((topic, key, value) -> {
                if (value instanceof PairSelection selection) {
                    selections.put(key, selection);
                } else {
                    verdicts.put(key, (Verdict) value);
                }
            });
        }
        assertThat(selections.values()).extracting(PairSelection::getSelected).contains(true, false);
        verdicts.forEach((id, verdict) -> {
            PairSelection selection = selections.get(id);
            boolean published = verdict.getVerdict() == VerdictKind.KEEP || verdict.getVerdict() == VerdictKind.FLIP;
            if (selection == null) { // models would not publish it: the trainer asked the filter's own rules
                assertThat(verdict.getRule()).isNotEqualTo("not-selected");
                assertThat(published).isEqualTo("human".equals(verdict.getLabelSource()));
            } else {
                assertThat(published).isEqualTo(selection.getSelected());
                assertThat(published || verdict.getRule().equals("not-selected"))
                        .isTrue();
            }
        });
        return selections;
    }

    private Path out(String name) {
        return folder.resolve(name + "-out");
    }

    private Path sample(String name) throws Exception {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = SelectionIT.class.getResourceAsStream("/sample/" + name)) {
                Files.copy(Objects.requireNonNull(in), file);
            }
        }
        return file;
    }
}
