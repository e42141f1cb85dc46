package io.prefstream.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenderedByTransformersTest {

    private static final Path FIXTURES = Path.of("src/test/resources/chat");

    @ParameterizedTest(name = "{0}")
    @MethodSource("templates")
    void rendersEveryByteLikeTransformers(String template) throws IOException {
        RenderedByTransformers rendered = RenderedByTransformers.read(FIXTURES);

        assertThat(rendered.conversations()).hasSize(40);
        assertThat(rendered.differences(FIXTURES.resolve(template))).isEmpty();
    }

    static List<String> templates() throws IOException {
        return RenderedByTransformers.read(FIXTURES).templates().stream()
                .map(template -> template.getFileName().toString())
                .toList();
    }

    /** Templates of models belong to others, so they lie outside; {@code bench/chat_templates.py} makes the folder ready. */
    @Test
    void rendersTemplatesOfModelsLikeTransformers() throws IOException {
        String folder = System.getenv("PREFSTREAM_TEMPLATES");
        assumeTrue(folder != null, "PREFSTREAM_TEMPLATES names no folder that bench/chat_templates.py made ready");
        RenderedByTransformers rendered = RenderedByTransformers.read(Path.of(folder));
        List<String> table = new ArrayList<>(List.of("template\tconversations\tequal"));
        List<String> differences = new ArrayList<>();
        for (Path template : rendered.templates()) {
            List<String> found = rendered.differences(template);
            int all = rendered.conversations().size();
            table.add(template.getFileName() + "\t" + all + "\t" + (all - found.size()));
            found.forEach(one -> differences.add(template.getFileName() + ", " + one));
        }
        Files.write(Path.of(folder, "equal.tsv"), table);

        assertThat(table).hasSizeGreaterThan(1);
        assertThat(differences).isEmpty();
    }
}
