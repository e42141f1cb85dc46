package io.prefstream.models.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.jinja.TemplateFault;
import io.prefstream.models.chat.jinja.TemplateRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder of templates with what transformers made of them, written by {@code make_chat_fixtures.py}.
 *
 * @param conversations rows of {@code conversations.jsonl}
 */
record RenderedByTransformers(Path folder, List<JsonNode> conversations) {

    static final Map<String, String> TOKENS =
            Map.of("bos_token", "<s>", "eos_token", "</s>", "pad_token", "<pad>", "unk_token", "<unk>");

    private static final ObjectMapper JSON = new ObjectMapper();

    static RenderedByTransformers read(Path folder) throws IOException {
        return new RenderedByTransformers(folder, rows(folder.resolve("conversations.jsonl")));
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    List<Path> templates() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .toList();
        }
    }

    /** What one template's rows say and what they are here, for those that differ; empty when all bytes are equal. */
    List<String> differences(Path template) throws IOException {
        String name = template.getFileName().toString().replace(".jinja", ".expected.jsonl");
        List<JsonNode> expected = rows(folder.resolve(name));
        String text = Files.readString(template);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < conversations.size(); i++) {
            String wanted = wanted(expected.get(i));
            String found = found(text, conversations.get(i), expected.get(i).has("text"));
            if (!found.equals(wanted) && !(wanted.equals("fault") && found.startsWith("fault"))) {
                differences.add("conversation " + (i + 1) + "\nwanted " + wanted + "\nfound  " + found);
            }
        }
        return differences;
    }

    private static String wanted(JsonNode row) {
        if (row.has("sha256")) {
            return "text " + row.path("text").asText(row.path("sha256").asText());
        }
        return row.has("refused") ? "refused " + row.path("refused").asText() : "fault";
    }

    private static String found(String template, JsonNode row, boolean whole) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode m : row.path("messages")) {
            String content = m.path("content").asText().repeat(m.path("times").asInt(1));
            messages.add(new Message(m.path("role").asText(), content));
        }
        try {
            ChatTemplate chat = new ChatTemplate(template, TOKENS);
            ChatTemplate dated = row.path("date").isTextual()
                    ? chat.at(LocalDateTime.parse(row.path("date").asText()))
                    : chat;
            String text = dated.render(messages, row.path("prompt").asBoolean());
            return "text " + (whole ? text : sha256(text));
        } catch (TemplateRefused e) {
            return "refused " + e.getMessage();
        } catch (TemplateFault e) {
            return "fault " + e.getMessage();
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
