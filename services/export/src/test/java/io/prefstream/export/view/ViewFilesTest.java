package io.prefstream.export.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.core.pair.Message;
import io.prefstream.core.stats.Hashes;
import io.prefstream.export.domain.Split;
import io.prefstream.export.view.Target.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewFilesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Message USER = new Message("user", "Say \"hi\"\nin \ud83d\ude00 and | pipes");
    private static final Message SYSTEM = new Message("system", "Be kind.");

    @TempDir
    private Path folder;

    @Test
    void everyTargetHasItsShape() {
        Published pair = pair("p1", "train", List.of(USER), "better", "worse");
        Map<Target, String> shapes = new HashMap<>();
        for (Target target : Target.values()) {
            JsonNode row = Rows.pair(target, pair);
            List<String> fields = new ArrayList<>();
            row.fieldNames().forEachRemaining(fields::add);
            shapes.put(target, String.join(",", fields));
        }

        assertThat(shapes)
                .containsEntry(Target.TRL, "prompt,chosen,rejected,pair_id,label_source,split")
                .containsEntry(Target.OPENRLHF, "prompt,chosen,rejected,margin,pair_id,label_source,split")
                .containsEntry(Target.LLAMAFACTORY, "messages,chosen,rejected,pair_id,label_source,split")
                .containsEntry(Target.AXOLOTL, "system,input,chosen,rejected,pair_id,label_source,split")
                .containsEntry(Target.NEMO_RL, "context,completions,pair_id,label_source,split")
                .containsEntry(Target.RLHFLOW, "chosen,rejected,pair_id,label_source,split")
                .containsEntry(Target.REWARDBENCH, "chosen,rejected,subset,id,pair_id,label_source,split");
        JsonNode nemo = Rows.pair(Target.NEMO_RL, pair);
        assertThat(nemo.path("completions").path(0).path("rank").asInt()).isZero();
        assertThat(nemo.path("completions")
                        .path(0)
                        .path("completion")
                        .path(0)
                        .path("content")
                        .asText())
                .isEqualTo("better");
        assertThat(Rows.pair(Target.LLAMAFACTORY, pair).path("chosen").isObject())
                .isTrue();
        assertThat(Rows.pair(Target.AXOLOTL, pair).has("system"))
                .as("its code reads the key always")
                .isTrue();
        assertThat(Rows.pair(Target.RLHFLOW, pair).path("chosen")).hasSize(2);
    }

    @Test
    void whatHasNoPlaceInAShapeIsLeftOutAndCounted() throws IOException {
        List<Message> two = List.of(USER, new Message("assistant", "hi"), USER);
        List<Message> system = List.of(SYSTEM, USER);
        List<Message> tool = List.of(USER, new Message("tool", "42"), USER);
        List<Published> pairs = List.of(
                pair("p1", "train", List.of(USER), "a", "b"),
                pair("p2", "train", two, "a", "b"),
                pair("p3", "train", system, "a", "b"),
                pair("p4", "train", tool, "a", "b"));

        assertThat(write(Target.AXOLOTL, View.PAIRS, pairs, 0, null).rows()).containsEntry("train", 2L);
        ViewFiles.Written factory = write(Target.LLAMAFACTORY, View.PAIRS, pairs, 0, null);
        assertThat(factory.rows()).containsEntry("train", 3L);
        assertThat(factory.leftOut()).containsEntry("a role other than system, user and assistant", 1L);
        assertThat(write(Target.TRL, View.PAIRS, pairs, 0, null).rows()).containsEntry("train", 4L);
    }

    @Test
    void aLimitMarksOrDropsWhatItWouldCut() throws IOException {
        Lengths letters = conversation ->
                conversation.getLast().content().chars().asLongStream().toArray();
        List<Published> pairs = List.of(
                pair("p1", "train", List.of(USER), "short", "brief"),
                pair("p2", "train", List.of(USER), "the same start and this end", "the same start and that end"),
                pair("p3", "train", List.of(USER), "a long answer", "b"));

        ViewFiles.Written marked = write(Target.OPENRLHF, View.PAIRS, pairs, 10, letters);

        assertThat(marked.cut()).containsEntry("identical-after-cut", 1L).containsEntry("over-length", 1L);
        assertThat(Files.readString(out(Target.OPENRLHF).resolve("train.jsonl")))
                .contains("\"cut\":\"identical-after-cut\"");
        assertThat(marked.notes()).anyMatch(note -> note.contains("OpenRLHF cuts both sides"));
        ViewFiles.Written dropped = ViewFiles.write(
                pairs, options(Target.TRL, View.PAIRS, 10, letters, true), origin(), out(Target.TRL), line -> {});
        assertThat(dropped.rows()).containsEntry("train", 1L);
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void theSameOptionsGiveTheSameBytesAndTheManifestNamesThem(Target target) throws IOException {
        List<Published> pairs = List.of(
                pair("p1", "train", List.of(USER), "a", "b"), pair("p2", "validation", List.of(USER), "c", "d"));

        write(target, View.PAIRS, pairs, 0, null);
        String once = Files.readString(out(target).resolve("manifest.json"));
        write(target, View.PAIRS, pairs, 0, null);

        assertThat(Files.readString(out(target).resolve("manifest.json"))).isEqualTo(once);
        JsonNode manifest = JSON.readTree(once);
        assertThat(manifest.path("rows").path("validation").asInt()).isEqualTo(1);
        assertThat(manifest.path("sha256").has("README.md")).isTrue();
        assertThat(Files.readString(out(target).resolve("README.md")))
                .contains("UNKNOWN: ask its owner")
                .contains("Train with");
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws IOException {
        Files.createDirectories(out(Target.TRL));
        Files.writeString(out(Target.TRL).resolve("thesis.tex"), "years of work");

        assertThatThrownBy(() ->
                        write(Target.TRL, View.PAIRS, List.of(pair("p", "train", List.of(USER), "a", "b")), 0, null))
                .hasMessageContaining("use another --out");
        assertThat(out(Target.TRL).resolve("thesis.tex")).exists();
    }

    @Test
    void answersToOnePromptComeInOneOrderAndCirclesAreLeftOut() {
        List<Published> chain = List.of(
                pair("1", "train", List.of(USER), "a", "b"),
                pair("2", "train", List.of(USER), "b", "c"),
                pair("3", "train", List.of(USER), "a", "c"));

        KWay.Found found = KWay.of(chain);

        assertThat(found.rankings()).hasSize(1);
        assertThat(found.rankings().getFirst().answers())
                .extracting(KWay.Answer::text, KWay.Answer::rank, KWay.Answer::wins)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 0, 2),
                        org.assertj.core.groups.Tuple.tuple("b", 1, 1),
                        org.assertj.core.groups.Tuple.tuple("c", 2, 0));
        List<Published> circle = new ArrayList<>(chain.subList(0, 2));
        circle.add(pair("4", "train", List.of(USER), "c", "a"));
        assertThat(KWay.of(circle).circles()).isEqualTo(1);
        assertThat(KWay.of(chain.subList(0, 1)).few()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noGroupAndNoClusterIsPartedAndNothingComesIntoTheValidationLater(long seed) {
        List<String> groups = new ArrayList<>();
        List<List<String>> links = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            groups.add(String.format("%016x", Hashes.of(seed, "group", "" + i)));
            if (i % 7 == 0 && i > 0) {
                links.add(List.of(groups.get(i), groups.get(Math.floorMod(Hashes.of(seed, "link", "" + i), i))));
            }
        }

        Set<String> before = Split.validation(groups.subList(0, 300), links);
        Set<String> after = Split.validation(groups, links);

        assertThat(after).isNotEmpty();
        for (List<String> link : links) {
            assertThat(after.contains(link.get(0))).isEqualTo(after.contains(link.get(1)));
        }
        for (String group : groups.subList(0, 300)) {
            assertThat(before.contains(group) || !after.contains(group)).isTrue();
        }
    }

    private ViewFiles.Written write(
            Target target, View view, List<Published> pairs, int most, @Nullable Lengths lengths) throws IOException {
        return ViewFiles.write(pairs, options(target, view, most, lengths, false), origin(), out(target), line -> {});
    }

    private static ViewFiles.Options options(
            Target target, View view, int most, @Nullable Lengths lengths, boolean drops) {
        return new ViewFiles.Options(target, view, "curated", most, lengths, drops, Map.of());
    }

    private static ViewFiles.Origin origin() {
        return new ViewFiles.Origin(1, "c0ffee", Map.of("seed", "7"), Map.of("best", "abc"));
    }

    private Path out(Target target) {
        return folder.resolve(target.word());
    }

    private static Published pair(String id, String split, List<Message> history, String chosen, String rejected) {
        return new Published(
                id,
                id,
                "r-" + id,
                "pairs.jsonl",
                "group",
                split,
                "Math",
                history,
                chosen,
                rejected,
                "rm",
                "both-rms",
                1.5,
                Published.Cut.NONE);
    }
}
