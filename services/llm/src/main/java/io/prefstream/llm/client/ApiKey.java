package io.prefstream.llm.client;

import io.prefstream.core.judge.Judge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The key of an endpoint: from the file that {@code api-key-file} names, else the secret {@code api-key}. */
public final class ApiKey {

    private ApiKey() {}

    /**
     * The key, without space around it; empty when there is none. A judge with a URL of its own gets its own key only:
     * the common one belongs to another host.
     *
     * @throws IllegalStateException when the file cannot be read
     */
    public static String of(Map<String, String> settings, Judge judge) {
        String own = "judges." + judge.name() + ".";
        String root = judge.isNamed()
                        && (settings.containsKey(own + "url")
                                || settings.containsKey(own + "api-key")
                                || settings.containsKey(own + "api-key-file"))
                ? own
                : "judge.";
        String file = settings.get(root + "api-key-file");
        if (file == null) {
            return settings.getOrDefault(root + "api-key", "").strip();
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new IllegalStateException(root + "api-key-file: " + file + " cannot be read", e);
        }
    }
}
