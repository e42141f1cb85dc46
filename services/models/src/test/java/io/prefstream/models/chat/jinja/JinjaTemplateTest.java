package io.prefstream.models.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {

    private static final List<Object> MESSAGES =
            List.of(Map.of("role", "user", "content", "Hi"), Map.of("role", "assistant", "content", "Yes"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', textBlock = """
                    {{ x $filters }} ¦ unexpected character $
                    {{ messages.frobnicate() }} ¦ frobnicate of a list, which is undefined, cannot be called
                    {{ 'a'.encode() }} ¦ encode of a text, which is undefined, cannot be called
                    {{ conjure(1) }} ¦ conjure, which is undefined, cannot be called
                    {{ x.y }} ¦ x is undefined, so it has no y
                    {{ 'a' % 1 }} ¦ a text % a number is not supported
                    {{ 1 / 0 }} ¦ a number cannot be calculated: / by zero
                    {{ 9223372036854775807 + 1 }} ¦ a number cannot be calculated: long overflow
                    {{ 99999999999999999999 }} ¦ 99999999999999999999 is too large
                    {{ 1 < 'a' }} ¦ a number and a text have no order
                    {{ messages[0] + 'a' }} ¦ a dict + a text is not supported
                    {{ messages.append(1) }} ¦ append of a list, which is undefined, cannot be called
                    {{ namespace() }} ¦ a namespace cannot be printed or joined
                    {{ 'a' | safe + 'b' }} ¦ a text from the filter safe + a text is not supported
                    {% set messages.x = 1 %} ¦ messages is no namespace, so it cannot be given x
                    {% set a, b = [1] %} ¦ 1 values cannot be given to 2 names
                    {% for x in 1 %}{% endfor %} ¦ a number cannot be looped over
                    {% break %} ¦ break stands outside a loop
                    {% if true %} ¦ expected elif or else or endif and found the end of the template
                    {{ (1 }} ¦ unexpected }
                    {{ 𝒳 }} ¦ unexpected character 𝒳
                    {{ 'a }} ¦ a text is not closed by '
                    {{ 1 ¦ a tag is not closed by }}
                    {# a ¦ a comment is not closed by #}
                    {% include 'a' %} ¦ the tag include is not known
                    {% for x in y recursive %} ¦ recursive loops are not supported
                    {{ 'x' | int(nodefault=1) }} ¦ int takes no nodefault here
                    {{ messages | map }} ¦ map needs attribute
                    {{ {none: 1} }} ¦ a key of a dict is none and must be a text or a whole number
                    {{ '\\N{DASH}' }} ¦ a character's name after \\N is not supported
                    """)
    void namesWhatIsWrong(String template, String message) {
        assertThatThrownBy(() -> render(template.strip()))
                .isInstanceOf(TemplateFault.class)
                .hasMessage("line 1 of the chat template: " + message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "{{ messages | frob }}, the filter frob is not known",
        "{{ messages is frob }}, the test frob is not known",
        "{% frob %}, the tag frob is not known"
    })
    void namesWhatIsUnknownWithItsLine(String tag, String message) {
        assertThatThrownBy(() -> render("{% if true %}\n\n" + tag + "{% endif %}"))
                .isInstanceOfSatisfying(
                        TemplateFault.class, fault -> assertThat(fault.line()).isEqualTo(3))
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{{ ''.__class__.__mro__ }}",
                "{{ messages.__class__.forName('java.lang.Runtime') }}",
                "{{ messages.getClass().getClassLoader() }}",
                "{{ ''.class.forName('java.lang.Runtime') }}",
                "{{ messages[0].put('role', 'x') }}",
                "{{ messages.clear() }}",
                "{{ raise_exception.__globals__.os }}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{% extends 'x' %}"
            })
    void reachesNothingOutside(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateFault.class);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{{ 'x' * 1000000000 }}",
                "{{ [0] * 1000000000 }}",
                "{{ range(1000000000) | list }}",
                "{% set a = 'aaaaaaaaaa' * 100000 %}{{ a.replace('a', a) }}",
                "{% set a = 'aaaaaaaaaa' * 100000 %}{{ a | replace('', a) }}",
                "{% set a = 'aaaaaaaaaa' * 100000 %}{{ (a * 10) | list | join(a) }}",
                "{% set a = 'aaaaaaaaaa' * 100000 %}{{ 'a a ' * 100000 | indent(a) }}{{ a.split('a') | join(a) }}",
                "{% set ns = namespace(x='x') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace() %}{% set ns.x = ns %}{{ {'a': 1}[ns] }}{{ [ns] in [[ns]] }}{{ ns.x }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% for a in range(99999) %}{{ messages | map(attribute='content') | list | tojson | length }}{{ 'x' * 999 }}{% endfor %}",
                "{% set a = 'a' * 30000000 %}{% for i in range(99999) %}{{ a | length }}{{ a == a }}{{ 'b' in a }}{% endfor %}",
                "{% set a = '1' * 9999999 %}{% for i in range(99999) %}{{ (a + 'x') | int }}{{ a < a }}{{ a.count('2') }}{% endfor %}",
                "{% set a = range(99999) | list %}{% for i in range(99999) %}{{ a | select | first }}{{ -1 in a }}{% endfor %}",
                "{{ 2 ** 4611686018427387904 }}",
                "{{ 'a' | indent(1000000000) }}{{ ' ' | tojson(indent=1000000000) }}"
            })
    void stopsWhatWouldHangOrFillTheMemory(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(TemplateFault.class);
    }

    @Test
    void stopsWhatIsNestedTooDeep() {
        String deep = "(".repeat(50_000) + "1" + ")".repeat(50_000);
        String chain = "1" + "+1".repeat(50_000);
        String nots = "not ".repeat(50_000) + "1";
        String signs = "-".repeat(50_000) + "1";
        String filters = "1" + "|string".repeat(50_000);
        String maps = "'a' | map(" + "'map', ".repeat(50_000) + "'upper') | list";
        String ifs = "{% if 1 %}".repeat(50_000);

        for (String expression : List.of(deep, chain, nots, signs, filters, maps)) {
            assertThatThrownBy(() -> render("{{ " + expression + " }}")).isInstanceOf(TemplateFault.class);
        }
        assertThatThrownBy(() -> render(ifs)).isInstanceOf(TemplateFault.class);
        assertThatThrownBy(() -> render("{% for " + "(".repeat(50_000))).isInstanceOf(TemplateFault.class);
        assertThatThrownBy(() -> render(" ".repeat(2_000_000))).hasMessageContaining("longer than");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void failsOnlyInItsOwnWaysWhateverTheTemplate(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> templates = fixtures();
        for (int i = 0; i < 200; i++) {
            String template = spoiled(templates.get(random.nextInt(templates.size())), random);

            Throwable thrown = catchThrowable(() -> render(template));

            assertThat(thrown == null || thrown instanceof TemplateFault || thrown instanceof TemplateRefused)
                    .as("%s of %s", thrown, template)
                    .isTrue();
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 5);
    }

    /** Pieces cut out, doubled, and moved. */
    private static String spoiled(String template, Random random) {
        StringBuilder text = new StringBuilder(template);
        for (int i = random.nextInt(1, 6); i > 0 && !text.isEmpty(); i--) {
            int start = random.nextInt(text.length());
            String piece = text.substring(start, Math.min(text.length(), start + random.nextInt(1, 30)));
            if (random.nextBoolean()) {
                text.delete(start, start + piece.length());
            }
            text.insert(random.nextInt(text.length() + 1), piece);
        }
        return text.toString();
    }

    private static List<String> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/chat"))) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .map(JinjaTemplateTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String render(String template) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", MESSAGES);
        variables.put("bos_token", "<s>");
        variables.put("tools", null);
        return JinjaTemplate.parse(template).render(variables, null);
    }
}
