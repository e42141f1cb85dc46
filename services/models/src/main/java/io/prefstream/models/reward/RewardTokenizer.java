package io.prefstream.models.reward;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.ChatTemplate;
import io.prefstream.models.chat.jinja.TemplateFault;
import io.prefstream.models.chat.jinja.TemplateRefused;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tokens of what a model scores: the chat template's text, or for an encoder of pairs the two texts. Thread-safe. */
final class RewardTokenizer implements AutoCloseable {

    /**
     * Tokens of one text.
     *
     * @param types for an encoder of pairs 1 at the answer's tokens and 0 elsewhere
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on at once
    record Tokens(long[] ids, long[] types) {}

    private final HuggingFaceTokenizer tokenizer;
    private final @Nullable ChatTemplate template;

    private RewardTokenizer(HuggingFaceTokenizer tokenizer, @Nullable ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
    }

    static RewardTokenizer open(ModelFolder folder) {
        try {
            ChatTemplate template = switch (folder.card().input()) {
                case "chat" -> template(folder);
                case "pair" -> null;
                case null, default ->
                    throw new ModelRefused(folder.path() + " takes the input "
                            + folder.card().input() + "; those known are chat and pair");
            };
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(folder.path().resolve("tokenizer.json"))
                    .optAddSpecialTokens(true)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
            return new RewardTokenizer(tokenizer, template);
        } catch (IOException | RuntimeException e) {
            if (e instanceof ModelRefused refused) {
                throw refused;
            }
            throw new ModelRefused("the tokenizer of " + folder.path() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static ChatTemplate template(ModelFolder folder) throws IOException {
        ChatTemplate template = ChatTemplate.of(folder.path());
        String date = folder.card().date();
        return date == null ? template : template.at(LocalDate.parse(date).atStartOfDay());
    }

    Tokens of(List<Message> conversation) {
        if (template != null) {
            return of(tokenizer.encode(rendered(template, conversation), true, false));
        }
        String before = conversation.subList(0, conversation.size() - 1).stream()
                .map(Message::content)
                .collect(Collectors.joining("\n"));
        return of(tokenizer.encode(before, conversation.getLast().content(), true, false));
    }

    private static String rendered(ChatTemplate template, List<Message> conversation) {
        try {
            return template.renderForTokenizer(conversation);
        } catch (TemplateRefused e) {
            throw new UnscorableText(0, "the model's chat template refuses the conversation: " + e.getMessage());
        } catch (TemplateFault e) {
            throw new UnscorableText(0, "the model's chat template cannot be laid on it: " + e.getMessage());
        }
    }

    /** Tokens of a text with the template already laid on it. */
    Tokens ofText(String text, int place) {
        if (template == null) {
            throw new UnscorableText(
                    place, "this model reads a conversation and its answer apart: send messages, not a text");
        }
        return of(tokenizer.encode(template.withoutBos(text), true, false));
    }

    private static Tokens of(Encoding encoding) {
        return new Tokens(encoding.getIds(), encoding.getTypeIds());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
