package io.prefstream.export.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.export.client.Files256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Holds files against the manifest that prefstream wrote with them. */
public final class ManifestCheck {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ManifestCheck() {}

    /**
     * Notes what differs: files that are gone, hold other bytes, or other rows than were counted.
     *
     * @param rows read by file, by its name below the manifest's folder
     * @throws IOException when the manifest cannot be read; the message says why
     */
    public static void check(Path manifest, Map<String, Long> rows, Doctor doctor) throws IOException {
        String name = String.valueOf(manifest.getFileName());
        Path folder = manifest.toAbsolutePath().getParent();
        JsonNode told = JSON.readTree(Files.readString(manifest));
        if (!told.path("sha256").isObject() || folder == null) {
            throw new IOException(manifest + " has no sha256 of files: it is no manifest of prefstream");
        }
        for (Map.Entry<String, JsonNode> file : told.path("sha256").properties()) {
            Path at = folder.resolve(file.getKey()).normalize();
            if (!at.startsWith(folder.normalize()) || !Files.isRegularFile(at)) {
                doctor.manifest(name, file.getKey() + " is not there");
            } else if (!Files256.of(at).equals(file.getValue().asText())) {
                doctor.manifest(name, file.getKey() + " has another SHA-256");
            }
        }
        rows.forEach((file, n) -> {
            if (!told.path("sha256").has(file)) {
                doctor.manifest(name, file + " is not in it");
            }
            JsonNode counted = told.path("rows").path(file.replaceFirst("\\..*", ""));
            if (counted.isIntegralNumber() && counted.asLong() != n) {
                doctor.manifest(name, file + " has " + n + " rows, it tells of " + counted.asLong());
            }
        });
    }
}
