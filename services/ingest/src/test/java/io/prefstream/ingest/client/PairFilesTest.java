package io.prefstream.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.ingest.domain.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairFilesTest {

    private static final String GOOD = "{\"prompt\":\"Hi\",\"chosen\":\"Hello!\",\"rejected\":\"Go.\"}";

    @TempDir
    Path dir;

    private final List<ParsedRow> rows = new ArrayList<>();

    private FileReport read(String name, String text) throws Exception {
        return read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private FileReport read(String name, byte[] bytes) throws Exception {
        return PairFiles.read(Files.write(dir.resolve(name), bytes), rows::add);
    }

    private Candidate only() {
        assertThat(rows).singleElement().isInstanceOf(Candidate.class);
        return (Candidate) rows.getFirst();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "TRL_EXPLICIT|{`prompt`:[{`role`:`user`,`content`:`Hi`}],`chosen`:[{`role`:`assistant`,`content`:`Hello!`}],`rejected`:[{`role`:`assistant`,`content`:`Go.`}]}",
                "TRL_IMPLICIT|{`chosen`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Hello!`}],`rejected`:[{`role`:`user`,`content`:[{`type`:`text`,`text`:`Hi`}]},{`role`:`assistant`,`content`:`Go.`}]}",
                "DISTILABEL|{`prompt`:`Hi`,`chosen`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Hello!`}],`rejected`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Go.`}],`chosen_rating`:5,`rejected_rating`:1}",
                "HH_RLHF|{`chosen`:`\\n\\nHuman: Hi\\n\\nAssistant: Hello!`,`rejected`:`\\n\\nHuman: Hi\\n\\nAssistant: Go.`}",
                "PLAIN_STRINGS|{`prompt`:`Hi`,`chosen`:`Hello!`,`rejected`:`Go.`}",
                "LLAMA_FACTORY_ALPACA|{`instruction`:`Hi`,`input`:``,`chosen`:`Hello!`,`rejected`:`Go.`}",
                "LLAMA_FACTORY_SHAREGPT|{`conversations`:[{`from`:`human`,`value`:`Hi`}],`chosen`:{`from`:`gpt`,`value`:`Hello!`},`rejected`:{`from`:`gpt`,`value`:`Go.`}}",
                "REWARDBENCH_1|{`prompt`:`Hi`,`chosen`:`Hello!`,`chosen_model`:`m`,`rejected`:`Go.`,`subset`:`s`}",
                "REWARDBENCH_2|{`prompt`:`Hi`,`chosen`:[`Hello!`],`rejected`:[`Go.`]}",
                "CHATBOT_ARENA|{`model_a`:`x`,`model_b`:`y`,`winner`:`model_b`,`tstamp`:1,`conversation_a`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Go.`}],`conversation_b`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Hello!`}]}",
                "MT_BENCH_HUMAN|{`winner`:`model_a`,`judge`:`j`,`turn`:1,`conversation_a`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Hello!`},{`role`:`user`,`content`:`x`}],`conversation_b`:[{`role`:`user`,`content`:`Hi`},{`role`:`assistant`,`content`:`Go.`}]}",
                "K_WAY|{`messages`:[{`role`:`user`,`content`:`Hi`}],`candidates`:[`Go.`,`Hello!`],`ranking`:[2,1]}",
                "K_WAY|{`prompt`:`Hi`,`candidates`:[`Hello!`,{`role`:`assistant`,`content`:`Go.`}],`ratings`:[4.5,4]}"
            })
    void everyShapeGivesTheSamePair(Shape shape, String row) throws Exception {
        FileReport report = read("a.jsonl", row.replace('`', '"'));

        assertThat(report.shape()).isEqualTo(shape);
        assertThat(only().history()).containsExactly(new Message("user", "Hi"));
        assertThat(only().chosen()).isEqualTo("Hello!");
        assertThat(only().rejected()).isEqualTo("Go.");
    }

    @Test
    void aRankingMakesAPairOfEachTwoAnswersThatDoNotStandEqual() throws Exception {
        FileReport report = read("a.jsonl", """
                {"id":"q","prompt":"Hi","candidates":["best","good","fair","bad"],"ranking":[1,2,2,4]}
                {"prompt":"Hi","candidates":["one"],"ranking":[1]}
                {"prompt":"Hi","candidates":["one","two"],"ranking":[1]}
                {"prompt":"Hi","candidates":["one","two"],"ratings":["high","low"]}
                """);

        assertThat(report.rows()).isEqualTo(4);
        assertThat(report.candidates()).isEqualTo(5);
        assertThat(report.refused()).isEqualTo(Map.of(Rule.TIE, 1L, Rule.WRONG_TYPE, 3L));
        assertThat(rows.stream()
                        .filter(Candidate.class::isInstance)
                        .map(Candidate.class::cast)
                        .map(c -> c.sourceId() + " " + c.chosen() + " over " + c.rejected()))
                .containsExactly(
                        "q#0-1 best over good",
                        "q#0-2 best over fair",
                        "q#0-3 best over bad",
                        "q#1-3 good over bad",
                        "q#2-3 fair over bad");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "NOT_JSON|{'chosen':",
                "NOT_JSON|{'a':NaN}",
                "NOT_JSON|7",
                "NO_SUCH_FIELD|{'prompt':'a','chosen':'b'}",
                "WRONG_TYPE|{'prompt':'a','chosen':3,'rejected':'c'}",
                "WRONG_TYPE|{'prompt':'a','chosen':null,'rejected':'c'}",
                "EMPTY_ANSWER|{'prompt':'a','chosen':' ','rejected':'c'}",
                "IDENTICAL_ANSWERS|{'prompt':'a','chosen':'c','rejected':'c'}",
                "NO_FINAL_USER_TURN|{'prompt':[{'role':'system','content':'s'}],'chosen':'b','rejected':'c'}",
                "NO_FINAL_ANSWER|{'chosen':[{'role':'user','content':'s'}],'rejected':'c'}",
                "DIVERGES_EARLY|{'chosen':'\\n\\nHuman: a\\n\\nAssistant: x','rejected':'\\n\\nHuman: b\\n\\nAssistant: y'}",
                "PROMPT_MISMATCH|{'prompt':'z','chosen':[{'role':'user','content':'s'},{'role':'assistant','content':'t'}],'rejected':'c'}",
                "LONE_SURROGATE|{'prompt':'a\\ud800','chosen':'b','rejected':'c'}",
                "NUL_CHARACTER|{'prompt':'a\\u0000','chosen':'b','rejected':'c'}",
                "DUPLICATE_KEY|{'prompt':'a','prompt':'a','chosen':'b','rejected':'c'}",
                "UNKNOWN_ROLE|{'prompt':[{'role':'king','content':'s'}],'chosen':'b','rejected':'c'}",
                "UNSUPPORTED_CONTENT|{'prompt':[{'role':'user','content':[{'type':'image_url'}]}],'chosen':'b','rejected':'c'}",
                "TIE|{'prompt':'a','chosen':'b','rejected':'c','chosen_rating':4,'rejected_rating':4.0}"
            })
    void everyRuleRefusesItsRowAndLetsTheNextThrough(Rule rule, String row) throws Exception {
        FileReport report = read("a.jsonl", row.replace('\'', '"') + "\r\n\n" + GOOD);

        assertThat(report.refused()).isEqualTo(Map.of(rule, 1L));
        assertThat(report.rows()).isEqualTo(2);
        assertThat(((Refused) rows.getFirst()).message()).startsWith("a.jsonl:1: " + rule.id());
        assertThat(((Candidate) rows.getLast()).sourceId()).isEqualTo("a.jsonl:3");
    }

    @Test
    void refusesBytesThatAreNotUtf8AndDeepNesting() throws Exception {
        byte[] bad = ("\ufeff" + GOOD + "\n{\"prompt\":\"?\"}\n{\"a\":" + "[".repeat(10_000) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bad.length; i++) {
            bad[i] = bad[i] == '?' ? (byte) 0xe9 : bad[i];
        }
        FileReport report = read("a.jsonl", bad);

        assertThat(report.candidates()).isEqualTo(1);
        assertThat(((Refused) rows.get(1)).reason()).startsWith("byte 11 of the line");
        assertThat(((Refused) rows.get(1)).rule()).isEqualTo(Rule.NOT_UTF8);
        assertThat(((Refused) rows.get(2)).rule()).isIn(Rule.NOT_JSON, Rule.TOO_DEEP);
        rows.clear();
        read("b.jsonl", "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}\n" + GOOD);
        assertThat(((Refused) rows.getFirst()).rule()).isEqualTo(Rule.TOO_DEEP);
    }

    @Test
    void readsArraysAndSaysWhenOneHasNoEnd() throws Exception {
        assertThat(read("a.json", "[" + GOOD + ",{\"a\":1,\"a\":2}," + GOOD + "]")
                        .candidates())
                .isEqualTo(2);
        FileReport open = read("b.json", "[" + GOOD + "," + GOOD);
        assertThat(open.candidates()).isEqualTo(2);
        assertThat(open.damage()).isNotNull();
    }

    @Test
    void rowsBeforeTheCutOfATruncatedGzipGoThrough() throws Exception {
        var random = new Random(1);
        var text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append(GOOD.replace("Hello", "Hello" + random.nextLong())).append('\n');
        }
        byte[] packed = gzip(text.toString());
        FileReport report = read("a.jsonl.gz", Arrays.copyOf(packed, packed.length / 2));

        assertThat(report.candidates()).isBetween(500L, 1500L);
        assertThat(report.damage()).contains("ends early");
    }

    @Test
    void readsZstdWhateverItsName() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZstdOutputStream(bytes)) {
            out.write(GOOD.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read("a.jsonl", bytes.toByteArray()).candidates()).isEqualTo(1);
    }

    @Test
    void passesOverALineOf300MegabytesWithoutKeepingIt() throws Exception {
        Path file = dir.resolve("long.jsonl.gz");
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ('a' + (block[i] & 15));
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file)) {
            {
                def.setLevel(0);
            }
        }) {
            out.write((GOOD + "\n").getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 300; i++) {
                out.write(block);
            }
            out.write(("\n" + GOOD).getBytes(StandardCharsets.UTF_8));
        }
        FileReport report = PairFiles.read(file, rows::add);

        assertThat(report.candidates()).isEqualTo(2);
        assertThat(report.refused()).isEqualTo(Map.of(Rule.TOO_LARGE, 1L));
    }

    @Test
    void stopsAtADecompressionBomb() throws Exception {
        FileReport report = read("a.jsonl.gz", gzip(GOOD + "\n" + " ".repeat(100 << 20)));

        assertThat(report.candidates()).isEqualTo(1);
        assertThat(report.damage()).contains("expands more than 200 times");
    }

    @Test
    void refusesFilesOfWhichNothingCanBeUsed() {
        assertThatThrownBy(() -> read("e.jsonl", "")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("n.jsonl", "\n \n")).hasMessageContaining("holds no row");
        assertThatThrownBy(() -> read("w.jsonl", GOOD.getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("iconv");
        assertThatThrownBy(() -> PairFiles.read(dir, rows::add)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> PairFiles.read(dir.resolve("no"), rows::add)).hasMessageContaining("no such file");
        assertThatThrownBy(() -> read("z.gz", "PK\u0003\u0004")).hasMessageContaining("zip");
        assertThatThrownBy(() -> read("p.parquet", "PAR1xxxx")).hasMessageContaining("can't be read as Parquet");
        assertThatThrownBy(() -> read("u.jsonl", "{\"q\":1,\"good\":2}"))
                .hasMessageContaining("\"q, good\"")
                .hasMessageContaining("--map");
    }

    @Test
    void aMappingNamesUnknownColumns() throws Exception {
        Path file = Files.writeString(dir.resolve("m.csv"), "q,good,bad\nHi,Hello!,Go.\n");
        PairFiles.read(file, Map.of("prompt", "q", "chosen", "good", "rejected", "bad"), rows::add);

        assertThat(only().chosen()).isEqualTo("Hello!");
        assertThatThrownBy(() -> PairFiles.read(file, Map.of("prompt", "none"), rows::add))
                .hasMessageContaining("none");
    }

    @Test
    void listsOfAnswersMakeEveryPair() throws Exception {
        read("r.jsonl", "{\"id\":7,\"prompt\":\"Hi\",\"chosen\":[\"a\",\"b\"],\"rejected\":[\"c\",\"a\"]}");

        assertThat(rows).hasSize(4);
        assertThat(((Candidate) rows.getFirst()).sourceId()).isEqualTo("7#0-0");
        assertThat(((Refused) rows.get(1)).rule()).isEqualTo(Rule.IDENTICAL_ANSWERS);
    }

    @Test
    void readsNestedParquetInTheFilesOrder() throws Exception {
        Path file = dir.resolve("odd [1].parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT i AS id, [{role: 'user', content: 'Hi'}] AS prompt,"
                    + " [{role: 'assistant', content: 'a' || i}] AS chosen, [{role: 'assistant', content: 'b'}] AS rejected"
                    + " FROM range(5000) t(i)) TO '" + file + "' (FORMAT parquet)");
        }
        FileReport report = PairFiles.read(file, rows::add);

        assertThat(report.shape()).isEqualTo(Shape.TRL_EXPLICIT);
        assertThat(report.candidates()).isEqualTo(5000);
        assertThat(((Candidate) rows.get(4321)).sourceId()).isEqualTo("4321");
    }

    @Test
    void readsHhHarmless() throws Exception {
        FileReport report = PairFiles.read(data("hh_harmless/harmless-base-test.jsonl.gz"), rows::add);

        assertThat(report.shape()).isEqualTo(Shape.HH_RLHF);
        assertThat(report.rows()).isEqualTo(1838);
        assertThat(report.refused()).containsEntry(Rule.DIVERGES_EARLY, 2L);
        assertThat(report.candidates()).isGreaterThan(1800);
    }

    @Test
    void readsLlamaFactoryDemos() throws Exception {
        for (String name : List.of("dpo_en_demo", "dpo_zh_demo")) {
            FileReport report = PairFiles.read(data("smoke_llamafactory/" + name + ".json.gz"), rows::add);

            assertThat(report.shape()).isEqualTo(Shape.LLAMA_FACTORY_SHAREGPT);
            assertThat(report.rows()).isEqualTo(300);
            assertThat(report.candidates()).isGreaterThan(290);
        }
    }

    private static Path data(String name) {
        String folder = System.getenv("PREFSTREAM_DATA");
        Assumptions.assumeTrue(folder != null, "PREFSTREAM_DATA names no folder of real data");
        return Path.of(String.valueOf(folder)).resolve(name);
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
