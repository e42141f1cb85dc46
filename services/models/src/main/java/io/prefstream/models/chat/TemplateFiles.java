package io.prefstream.models.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model folder says about its chat.
 *
 * @param template the template's text
 * @param tokens special tokens by name, such as {@code bos_token}
 */
record TemplateFiles(String template, Map<String, String> tokens) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_BYTES = 64L << 20;
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    static TemplateFiles read(Path folder) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        JsonNode settings = object(config);
        JsonNode special = object(folder.resolve("special_tokens_map.json"));
        Map<String, String> tokens = new HashMap<>();
        for (String name : TOKENS) {
            // a token that is null in the settings is none
            JsonNode token = settings.has(name) ? settings.get(name) : special.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isTextual()) {
                tokens.put(name, text.asText());
            }
        }
        return new TemplateFiles(template(folder, settings.path("chat_template"), config), tokens);
    }

    private static String template(Path folder, JsonNode inSettings, Path config) throws IOException {
        Path jinja = folder.resolve("chat_template.jinja");
        if (Files.exists(jinja)) {
            return text(jinja);
        }
        Path json = folder.resolve("chat_template.json");
        JsonNode apart = object(json).path("chat_template");
        if (!apart.isMissingNode()) {
            return one(apart, json);
        }
        if (inSettings.isMissingNode() || inSettings.isNull()) {
            throw new IOException(folder + " has no chat template: put the model's own into " + jinja.getFileName());
        }
        return one(inSettings, config);
    }

    private static String one(JsonNode template, Path file) throws IOException {
        if (template.isTextual()) {
            return template.asText();
        }
        List<String> names = new ArrayList<>();
        for (JsonNode named : template) {
            names.add(named.path("name").asText());
            if (names.getLast().equals("default") && named.path("template").isTextual()) {
                return named.path("template").asText();
            }
        }
        throw new IOException(
                "chat_template in " + file + " is neither a text nor a list with one named default; it has " + names);
    }

    private static JsonNode object(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(text(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is larger than " + MOST_BYTES + " bytes");
        }
        return Files.readString(file);
    }
}
