package io.prefstream.models.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The small models under {@code src/test/resources/reward}, and what transformers says of them. */
final class Fixtures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Fixtures() {}

    /** A conversation with the score that transformers gives it alone, and its number of tokens. */
    record Expected(List<Message> messages, double score, int tokens) {}

    static Path folder(String name) {
        try {
            URL url = Objects.requireNonNull(Fixtures.class.getResource("/reward/" + name), name);
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Expected> expected(String model) {
        try (Stream<String> lines = Files.lines(folder(model).resolve("expected.jsonl"))) {
            return lines.map(Fixtures::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Expected parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            List<Message> messages = new ArrayList<>();
            node.get("messages")
                    .forEach(m -> messages.add(
                            new Message(m.get("role").asText(), m.get("content").asText())));
            return new Expected(
                    messages, node.get("score").asDouble(), node.get("tokens").asInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
