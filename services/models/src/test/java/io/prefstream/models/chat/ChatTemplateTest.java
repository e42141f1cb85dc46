package io.prefstream.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.core.pair.Message;
import io.prefstream.models.chat.jinja.TemplateFault;
import io.prefstream.models.chat.jinja.TemplateRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

    private static final String SIMPLE =
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}";
    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");
    private static final List<Message> ASKED =
            List.of(new Message("user", "Why {{ 1 + 1 }}?"), new Message("assistant", " Because\n"));

    @TempDir
    Path folder;

    @Test
    void readsTheTemplateInTheSettings() throws IOException {
        write("tokenizer_config.json", """
                {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "chat_template": "{{ bos_token }}a{{ eos_token }}{{ pad_token }}"}""");

        assertThat(ChatTemplate.of(folder).render(ASKED, false)).isEqualTo("<s>a</s>");
    }

    @Test
    void takesTheDefaultOfSeveralTemplates() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}""");

        assertThat(ChatTemplate.of(folder).render(ASKED, false)).isEqualTo("d");
    }

    @Test
    void prefersTheTemplateInAFileOfItsOwn() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"settings\", \"bos_token\": null}");
        write("special_tokens_map.json", "{\"bos_token\": \"<no>\", \"eos_token\": \"</s>\"}");
        write("chat_template.json", "{\"chat_template\": \"json{{ bos_token }}{{ eos_token }}\"}");

        assertThat(ChatTemplate.of(folder).render(ASKED, false)).isEqualTo("json</s>");

        write("chat_template.jinja", "jinja\n");

        assertThat(ChatTemplate.of(folder).render(ASKED, false)).isEqualTo("jinja");
    }

    @Test
    void saysWhatAFolderLacks() throws IOException {
        assertThatThrownBy(() -> ChatTemplate.of(folder))
                .hasMessageContaining("put the model's own into chat_template.jinja");

        write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"r\"}]}");

        assertThatThrownBy(() -> ChatTemplate.of(folder))
                .hasMessageContaining("default")
                .hasMessageContaining("[rag]");

        write("tokenizer_config.json", "{");

        assertThatThrownBy(() -> ChatTemplate.of(folder)).hasMessageContaining("tokenizer_config.json is no JSON");
    }

    @Test
    void leavesOneBeginningForTheTokenizerToPut() {
        ChatTemplate chat = new ChatTemplate(SIMPLE, TOKENS);

        assertThat(chat.render(ASKED, false)).startsWith("<s><user>");
        assertThat(chat.renderForTokenizer(ASKED)).startsWith("<user>");
        assertThat(chat.withoutBos("<s><s>x")).isEqualTo("<s>x");
        assertThat(new ChatTemplate(SIMPLE, Map.of()).withoutBos("<s>x")).isEqualTo("<s>x");
    }

    @Test
    void addsNothingAndReadsNoTemplateInAConversation() {
        ChatTemplate chat = new ChatTemplate(SIMPLE, TOKENS);

        assertThat(chat.render(ASKED, true)).isEqualTo("<s><user>Why {{ 1 + 1 }}?</s><assistant> Because\n</s>");
    }

    @Test
    void knowsNoDateUntilOneIsSet() {
        ChatTemplate chat = new ChatTemplate(
                "{% if strftime_now is defined %}{{ strftime_now('%d %B %Y, %I:%M %p') }}{% else %}none{% endif %}",
                TOKENS);

        assertThat(chat.render(ASKED, false)).isEqualTo("none");
        assertThat(chat.at(LocalDateTime.of(2024, 7, 6, 13, 5)).render(ASKED, false))
                .isEqualTo("06 July 2024, 01:05 PM");
    }

    @Test
    void passesOnWhatATemplateRefuses() {
        ChatTemplate chat = new ChatTemplate("{{ raise_exception('no ' + messages[0].role) }}", TOKENS);

        assertThatThrownBy(() -> chat.render(ASKED, false))
                .isInstanceOf(TemplateRefused.class)
                .hasMessage("no user");
    }

    @Test
    void namesTheLineOfAFault() {
        assertThatThrownBy(() -> new ChatTemplate("a\n{% nonsense %}", TOKENS))
                .isInstanceOf(TemplateFault.class)
                .hasMessage("line 2 of the chat template: the tag nonsense is not known");
    }

    @Test
    void tellsWhetherTheAnswerStandsThereAsItIs() {
        ChatTemplate trims = new ChatTemplate("{% for m in messages %}{{ m.content | trim }}|{% endfor %}", TOKENS);
        ChatTemplate drops = new ChatTemplate("{{ messages[0].content }}", TOKENS);

        assertThat(new ChatTemplate(SIMPLE, TOKENS).keepsAnswer(ASKED)).isTrue();
        assertThat(trims.keepsAnswer(ASKED)).isFalse();
        assertThat(trims.keepsAnswer(List.of(new Message("user", " q "), new Message("assistant", "a"))))
                .isTrue();
        assertThat(drops.keepsAnswer(ASKED)).isFalse();
    }

    @Test
    void isNamedByTheHashOfItsText() {
        assertThat(new ChatTemplate("abc", TOKENS).sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void rendersTheSameOnAnyThread() {
        ChatTemplate chat = new ChatTemplate(SIMPLE, TOKENS);

        List<String> texts = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> chat.render(ASKED, false))
                .toList();

        assertThat(texts).containsOnly(chat.render(ASKED, false));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
