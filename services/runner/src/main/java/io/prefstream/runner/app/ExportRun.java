package io.prefstream.runner.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.config.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** An export folder, of which verdicts and configuration are known but not what is behind them. */
public final class ExportRun implements RunSource {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Map<String, String> configuration = new TreeMap<>();
    private final Map<String, Decided> verdicts = new TreeMap<>();

    private ExportRun(String name) {
        this.name = name;
    }

    /**
     * Reads an export.
     *
     * @throws UserError when a line of verdicts.jsonl or the manifest is no JSON, naming it
     */
    public static ExportRun read(Path folder) {
        ExportRun run = new ExportRun(folder.toString());
        Path manifest = folder.resolve("manifest.json");
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve("verdicts.jsonl"))) {
            if (Files.exists(manifest)) {
                JSON.readTree(manifest.toFile())
                        .path("configuration")
                        .properties()
                        .forEach(e ->
                                run.configuration.put(e.getKey(), e.getValue().asText()));
            }
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                run.take(line, folder.resolve("verdicts.jsonl") + " line " + number);
            }
        } catch (IOException e) {
            throw new UserError("cannot read the export in " + folder + " (" + e.getMessage()
                    + "): export it again, or give another folder");
        }
        return run;
    }

    private void take(String line, String place) {
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (IOException e) {
            throw new UserError(place + " is no JSON: export it again");
        }
        String id = row.path("pair_id").asText("");
        if (!row.hasNonNull("pair_id") || verdicts.containsKey(id)) {
            return; // a refused row, or a repeat of a pair, has no verdict of its own
        }
        verdicts.put(
                id,
                new Decided(
                        row.path("file").asText() + ":" + row.path("line").asLong(),
                        row.path("verdict").asText(),
                        row.path("rule").asText(),
                        row.hasNonNull("p_right") ? (Double) row.path("p_right").asDouble() : null,
                        null,
                        null,
                        null));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, String> configuration() {
        return configuration;
    }

    @Override
    public Map<String, Decided> verdicts() {
        return verdicts;
    }
}
