package io.prefstream.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.PairIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that grow, appear, are renamed, emptied and replaced, step by step. */
class FollowerTest {

    @TempDir
    private Path folder;

    private final MemoryDoor door = new MemoryDoor();
    private long clock = 1_800_000_000_000L;

    @Test
    void takesWholeLinesAsTheyComeAndGoesOnAfterARestart() throws IOException {
        Follower follower = new Follower(folder, Map.of(), door);
        append("a.log", pair(1) + "\n" + pair(2));
        follower.step();
        assertThat(rows()).containsExactly("a.log:1 r-1");
        follower.step();
        assertThat(rows()).hasSize(1);

        append("a.log", "\n" + pair(3) + "\n");
        append("b.jsonl", "nonsense\n" + pair(4) + "\n");
        append("notes.txt", pair(5) + "\n");
        append(".hidden.jsonl", pair(6) + "\n");
        Follower again = new Follower(folder, door.positions(), door);
        again.step();

        assertThat(rows())
                .containsExactly("a.log:1 r-1", "a.log:2 r-2", "a.log:3 r-3", "b.jsonl:1 not-json", "b.jsonl:2 r-4");
    }

    @Test
    void aRenamedFileGoesOnAndANewOneOfItsNameBegins() throws IOException {
        Follower follower = new Follower(folder, Map.of(), door);
        append("a.log", pair(1) + "\n");
        follower.step();

        append("a.log", pair(2) + "\n");
        Files.move(folder.resolve("a.log"), folder.resolve("a.log.1"));
        append("a.log", pair(3) + "\n");
        follower.step();

        assertThat(rows()).containsExactlyInAnyOrder("a.log:1 r-1", "a.log.1:2 r-2", "a.log:1 r-3");
    }

    @Test
    void aFileThatWasEmptiedOrWrittenAnewBeginsAnew() throws IOException {
        Follower follower = new Follower(folder, Map.of(), door);
        append("a.log", pair(1) + "\n");
        follower.step();
        write("a.log", pair(2) + "\n" + pair(3) + "\n"); // it is longer than what was read
        follower.step();
        write("a.log", pair(4) + "\n");
        follower.step();

        assertThat(rows()).containsExactly("a.log:1 r-1", "a.log:1 r-2", "a.log:2 r-3", "a.log:1 r-4");
    }

    @Test
    void aPackedFileIsTakenOnceItIsWholeAndItsRowsAreThoseOfTheFileItPacks() throws IOException {
        Follower follower = new Follower(folder, Map.of(), door);
        append("a.log", pair(1) + "\n");
        follower.step();
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write((pair(1) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = packed.toByteArray();
        bytes("a.log.1.gz", Arrays.copyOf(whole, whole.length - 5));
        follower.step();
        assertThat(rows()).hasSize(1);

        bytes("a.log.1.gz", whole);
        follower.step();
        follower.step();

        assertThat(rows()).containsExactly("a.log:1 r-1", "a.log.1.gz:1 r-1");
        List<PairIn> both = pairs();
        assertThat(both.get(1).getOrdinal()).isEqualTo(both.get(0).getOrdinal());
        assertThat(both.get(1).getBatch()).isEqualTo(both.get(0).getBatch());
    }

    @Test
    void aLineThatIsTooLongIsRefusedOnceAndPassedOver() throws IOException {
        Follower follower = new Follower(folder, Map.of(), door);
        append("a.log", pair(1) + "\n" + "x".repeat(JsonRows.MAX_LINE_BYTES + 10));
        follower.step();
        append("a.log", "x".repeat(100));
        follower.step();
        append("a.log", "\n" + pair(2) + "\n");
        follower.step();

        assertThat(rows()).containsExactly("a.log:1 r-1", "a.log:2 too-large", "a.log:3 r-2");
    }

    @Test
    void knowsConversationsAndLabelsByTheirFields() throws IOException {
        append("a.log", """
                {"id":"c","messages":[{"role":"user","content":"Q"}]}
                {"id":"r-1","verdict":"tie"}
                {"id":"r-1","verdict":"tie"}
                """);

        new Follower(folder.resolve("a.log"), Map.of(), door).step();

        assertThat(door.sent())
                .extracting(MemoryDoor.Sent::topic)
                .containsExactly("conversations-in", "annotations-in", "annotations-in", "follow-positions");
        assertThat(((HumanAnnotation) door.sent().get(1).value()).getOrdinal())
                .isEqualTo(((HumanAnnotation) door.sent().get(2).value()).getOrdinal());
    }

    @Test
    void waitsForAFolderThatIsNotThereYet() throws IOException {
        Follower follower = new Follower(folder.resolve("later"), Map.of(), door);
        follower.step();
        Files.createDirectory(folder.resolve("later"));
        append("later/a.log.2026-01-31", pair(1) + "\n");
        follower.step();

        assertThat(rows()).containsExactly("a.log.2026-01-31:1 r-1");
    }

    private List<PairIn> pairs() {
        List<PairIn> pairs = new ArrayList<>();
        for (MemoryDoor.Sent sent : door.sent()) {
            if (sent.topic().equals(Topics.PAIRS_IN.name())) {
                pairs.add((PairIn) sent.value());
            }
        }
        return pairs;
    }

    private List<String> rows() {
        return pairs().stream()
                .map(row -> row.getFile() + ":" + row.getLine() + " "
                        + (row.getRule() == null ? row.getSourceId() : row.getRule()))
                .toList();
    }

    private static String pair(int n) {
        return "{\"id\":\"r-" + n + "\",\"prompt\":\"Q" + n + "\",\"chosen\":\"A\",\"rejected\":\"B\"}";
    }

    private void append(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        touch(name);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        touch(name);
    }

    private void bytes(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        touch(name);
    }

    /** Two writes may fall into one tick of the file system's clock. */
    private void touch(String name) throws IOException {
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.ofEpochMilli(clock += 1000)));
    }
}
