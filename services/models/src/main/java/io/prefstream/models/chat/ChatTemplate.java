package io.prefstream.models.chat;

import io.prefstream.core.pair.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** DRAFT, replaced at the merge. */
public final class ChatTemplate {
    private final String bos;

    private ChatTemplate(String bos) {
        this.bos = bos;
    }

    /** Draft. */
    public static ChatTemplate of(Path folder) throws IOException {
        return new ChatTemplate(
                Files.readString(folder.resolve("tokenizer_config.json")).contains("<|begin|>") ? "<|begin|>" : "");
    }

    /** Draft. */
    public String renderForTokenizer(List<Message> messages) {
        StringBuilder text = new StringBuilder();
        for (Message m : messages) {
            text.append("<|start|>")
                    .append(m.role())
                    .append('\n')
                    .append(m.content().strip())
                    .append("<|end|>\n");
        }
        return text.toString();
    }

    /** Draft. */
    public String withoutBos(String text) {
        return !bos.isEmpty() && text.startsWith(bos) ? text.substring(bos.length()) : text;
    }
}
