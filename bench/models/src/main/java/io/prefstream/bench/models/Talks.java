package io.prefstream.bench.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Conversations of a file of pairs, as {@code bench/convert.py} writes it: the two of a pair beside each other. */
final class Talks {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Talks() {}

    static List<List<Message>> read(Path file, int pairs) throws IOException {
        List<List<Message>> talks = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null && talks.size() < 2 * pairs; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                talks.add(messages(row.get("chosen")));
                talks.add(messages(row.get("rejected")));
            }
        }
        return talks;
    }

    static List<Message> messages(JsonNode turns) {
        List<Message> messages = new ArrayList<>();
        turns.forEach(turn -> messages.add(
                new Message(turn.get("role").asText(), turn.get("content").asText())));
        return messages;
    }
}
