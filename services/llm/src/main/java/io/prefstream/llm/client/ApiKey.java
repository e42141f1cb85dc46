package io.prefstream.llm.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The key of an endpoint: from the file that {@code judge.api-key-file} names, else the secret {@code judge.api-key}. */
public final class ApiKey {

    private ApiKey() {}

    /**
     * The key, without space around it; empty when there is none.
     *
     * @throws IllegalStateException when the file cannot be read
     */
    public static String of(Map<String, String> settings) {
        String file = settings.get("judge.api-key-file");
        if (file == null) {
            return settings.getOrDefault("judge.api-key", "").strip();
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new IllegalStateException("judge.api-key-file: " + file + " cannot be read", e);
        }
    }
}
