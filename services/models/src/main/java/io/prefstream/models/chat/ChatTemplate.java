package io.prefstream.models.chat;

import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.jinja.JinjaTemplate;
import io.prefstream.models.chat.jinja.TemplateFault;
import io.prefstream.models.chat.jinja.TemplateRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's chat template. It gives the bytes of transformers' {@code apply_chat_template(tokenize=False)} for messages of role
 * and content, without tools; what {@code services/models} cannot render it refuses. Nothing is added to a conversation: no
 * system turn of ours. Thread-safe.
 *
 * <p>A score must not depend on the day it is made, so {@code strftime_now} is not defined unless a time is set, and a template
 * that would print today's date prints the date it has for that case (Llama 3.2: 26 Jul 2024).
 */
public final class ChatTemplate {

    /** Stands in for an answer; no template trims or splits it. */
    private static final String MARK = "\uE000answer\uE001";

    private final String text;
    private final Map<String, String> tokens;
    private final JinjaTemplate template;
    private final @Nullable LocalDateTime now;

    /**
     * A template by its text.
     *
     * @param tokens special tokens by the names that templates use, such as {@code bos_token}, {@code eos_token},
     *     {@code pad_token} and {@code unk_token}; those a model lacks are left out
     * @throws TemplateFault when the text is no template, with its line
     */
    public ChatTemplate(String text, Map<String, String> tokens) {
        this(text, Map.copyOf(tokens), JinjaTemplate.parse(text), null);
    }

    private ChatTemplate(String text, Map<String, String> tokens, JinjaTemplate template, @Nullable LocalDateTime now) {
        this.text = text;
        this.tokens = tokens;
        this.template = template;
        this.now = now;
    }

    /**
     * The template of a model folder: {@code chat_template.jinja}, else {@code chat_template.json}, else the one in
     * {@code tokenizer_config.json}; of several there the one named {@code default}. Special tokens are those of
     * {@code tokenizer_config.json}, and those missing there of {@code special_tokens_map.json}.
     *
     * @throws IOException when a file cannot be read, or there is no template
     * @throws TemplateFault when the template is wrong, with its line
     */
    public static ChatTemplate of(Path folder) throws IOException {
        TemplateFiles files = TemplateFiles.read(folder);
        return new ChatTemplate(files.template(), files.tokens());
    }

    /** The same template with {@code strftime_now} at this time. */
    public ChatTemplate at(LocalDateTime time) {
        return new ChatTemplate(text, tokens, template, time);
    }

    /**
     * The text of a conversation.
     *
     * @param addGenerationPrompt whether the text ends where an answer begins
     * @throws TemplateRefused when the template itself refuses the conversation, such as for two user turns in a row
     * @throws TemplateFault when the template does something that is not supported, or does too much
     */
    public String render(List<Message> conversation, boolean addGenerationPrompt) {
        Map<String, @Nullable Object> variables = new HashMap<>(tokens);
        variables.put("messages", messages(conversation));
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return template.render(variables, now);
    }

    private static List<Object> messages(List<Message> conversation) {
        List<Object> messages = new ArrayList<>();
        for (Message message : conversation) {
            Map<String, Object> fields = new LinkedHashMap<>(); // a template may print them in their order
            fields.put("role", message.role());
            fields.put("content", message.content());
            messages.add(fields);
        }
        return messages;
    }

    /**
     * The text of a conversation that ends in its answer, without the beginning-of-sequence token at its start: a tokenizer that
     * adds special tokens then puts exactly one.
     */
    public String renderForTokenizer(List<Message> conversation) {
        return withoutBos(render(conversation, false));
    }

    /** A special token by its name in templates, such as {@code pad_token}; empty when there is none. */
    String token(String name) {
        return tokens.getOrDefault(name, "");
    }

    /** A rendered text without the one beginning-of-sequence token at its start, if it has one. */
    public String withoutBos(String rendered) {
        String bos = tokens.getOrDefault("bos_token", "");
        return rendered.startsWith(bos) ? rendered.substring(bos.length()) : rendered;
    }

    /**
     * Whether the last message's content stands in the rendered text letter by letter, so that a score is of all of it. Many
     * templates trim blanks at its ends; some leave out what a model thought.
     */
    public boolean keepsAnswer(List<Message> conversation) {
        List<Message> marked = new ArrayList<>(conversation);
        Message answer = marked.removeLast();
        marked.add(new Message(answer.role(), MARK));
        String around = render(marked, false);
        return around.contains(MARK) && render(conversation, false).equals(around.replace(MARK, answer.content()));
    }

    /** SHA-256 of the template's text in UTF-8, in lower-case hex. */
    public String sha256() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
