package io.prefstream.models.chat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.jinja.TemplateFault;
import io.prefstream.models.chat.jinja.TemplateRefused;
import io.prefstream.models.engine.DjlSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's tokenizer with its chat template, to know how long conversations are for it. Thread-safe. */
public final class ChatTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;
    private final ChatTemplate template;

    private ChatTokenizer(HuggingFaceTokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /**
     * Opens the tokenizer in a model's folder.
     *
     * @param folder with {@code tokenizer.json}, and a chat template in {@code tokenizer_config.json} or {@code chat_template.jinja}
     * @throws IOException when one of them is missing or cannot be read; the message says which
     */
    public static ChatTokenizer open(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isReadable(file)) {
            throw new IOException(folder + " holds no tokenizer.json: give the folder of the model that is trained");
        }
        ChatTemplate template = ChatTemplate.of(folder);
        DjlSetup.apply();
        return new ChatTokenizer(
                HuggingFaceTokenizer.builder()
                        .optTokenizerPath(file)
                        .optAddSpecialTokens(true)
                        .optTruncation(false)
                        .optPadding(false)
                        .build(),
                template);
    }

    /** Tokens of a conversation as the model is trained on it; null when the template refuses it. */
    public long @Nullable [] tokens(List<Message> conversation) {
        try {
            return tokenizer
                    .encode(template.renderForTokenizer(conversation), true, false)
                    .getIds();
        } catch (TemplateRefused | TemplateFault e) {
            return null;
        }
    }

    /** Whether padding is the token that ends a text, so that a pooling cannot tell them apart. */
    public boolean padIsEnd() {
        String pad = template.token("pad_token");
        return !pad.isEmpty() && pad.equals(template.token("eos_token"));
    }

    /** Whether template and tokenizer both write the token of the beginning. */
    public boolean doublesBegin() {
        String begin = template.token("bos_token");
        String rendered;
        try {
            rendered = template.render(List.of(new Message("user", "a"), new Message("assistant", "b")), false);
        } catch (TemplateRefused | TemplateFault e) {
            return false;
        }
        long[] ids = tokenizer.encode(rendered, true, false).getIds();
        return !begin.isEmpty() && rendered.startsWith(begin) && ids.length > 1 && ids[0] == ids[1];
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
