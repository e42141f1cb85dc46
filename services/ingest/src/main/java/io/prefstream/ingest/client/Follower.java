package io.prefstream.ingest.client;

import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.FollowPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Follows a file, or the files of a folder, as they grow, appear, are renamed, emptied and replaced.
 *
 * <p>A file is known by what the file system knows it by and by a print of what was read, so a renamed file goes on where it
 * was, and one that was emptied or replaced begins anew. Rows and position are written in one transaction. A last line
 * without its end waits for it. A packed file is taken once it can be read to its end. One thread.
 */
final class Follower {

    /** Names of a folder's files that are followed: JSON lines and logs, also rotated and packed. */
    static final Pattern NAMES = Pattern.compile("[^.].*\\.(jsonl|ndjson|log)([.-][\\w-]+)*?(\\.(gz|zst))?");

    private static final int PRINT = 1024;
    private static final int CHUNK = JsonRows.MAX_LINE_BYTES + 1;

    private final Path root;
    private final Transactions door;
    private final Map<String, FollowPosition> positions;
    private final Map<String, String> looked = new HashMap<>();

    /**
     * Follows {@code root}.
     *
     * @param positions where it stopped, by key, as {@link Topics#FOLLOW_POSITIONS} has them
     */
    Follower(Path root, Map<String, FollowPosition> positions, Transactions door) {
        this.root = root;
        this.positions = new HashMap<>(positions);
        this.door = door;
    }

    /** Looks at every file once, in the order of their names, and takes what is complete. */
    void step() throws IOException {
        for (Path file : files()) {
            try {
                look(file);
            } catch (NoSuchFileException e) {
                // It went while we looked; under its new name it goes on.
            } catch (IOException e) {
                LoggerFactory.getLogger(Follower.class).warn("{} cannot be read: {}", file, JsonRows.cause(e));
            }
        }
    }

    private List<Path> files() throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(root);
        }
        if (!Files.isDirectory(root)) {
            return List.of(); // it may come later
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file ->
                            NAMES.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        }
    }

    private void look(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        String key = now.fileKey() == null
                ? file.toAbsolutePath().toString()
                : now.fileKey().toString();
        String state = file + " " + now.size() + " " + now.lastModifiedTime();
        if (state.equals(looked.get(key))) {
            return;
        }
        if (file.toString().matches(".*\\.(gz|zst)")) {
            packed(file, key, now.size());
        } else {
            try (SeekableByteChannel in = Files.newByteChannel(file)) {
                FollowPosition at = positions.get(key);
                if (at == null
                        || at.getBytes() > in.size()
                        || !print(in, at.getBytes()).equals(at.getPrint())) {
                    at = new FollowPosition(name(file), 0L, 0L, false, "");
                }
                FollowPosition next = chunk(file, in, key, at);
                while (next.getBytes() > at.getBytes()) {
                    at = next;
                    next = chunk(file, in, key, at);
                }
            }
        }
        looked.put(key, state);
    }

    /** Takes the complete lines of one chunk; the same position when there is none. */
    private FollowPosition chunk(Path file, SeekableByteChannel in, String key, FollowPosition at) throws IOException {
        byte[] bytes = read(in, at.getBytes(), (int) Math.min(CHUNK, in.size() - at.getBytes()));
        int from = 0;
        boolean skipping = at.getSkipping();
        long lines = at.getLines();
        if (skipping) {
            int end = indexOf(bytes, (byte) '\n');
            skipping = end < 0;
            from = end < 0 ? bytes.length : end + 1;
            lines += end < 0 ? 0 : 1;
        } else if (at.getBytes() == 0 && Unpacked.starts(bytes, 0xef, 0xbb, 0xbf)) {
            from = 3;
        }
        int to = bytes.length;
        while (to > from && bytes[to - 1] != '\n') {
            to--;
        }
        boolean tooLong = to == from && bytes.length - from > JsonRows.MAX_LINE_BYTES;
        if (tooLong) {
            skipping = true;
            to = bytes.length;
        }
        boolean some = to > from && !tooLong;
        int read = some || tooLong || at.getSkipping() ? to : 0;
        if (read == 0) {
            return at;
        }
        FollowPosition next = new FollowPosition(name(file), at.getBytes() + read, lines, skipping, "");
        door.begin();
        try {
            LiveLines sink = new LiveLines(name(file), lines, door);
            if (tooLong) {
                sink.fault(
                        1,
                        new RowFault(
                                Rule.TOO_LARGE,
                                "",
                                "the line has more than " + JsonRows.MAX_LINE_BYTES + " bytes, which is the most"));
            } else {
                JsonRows.lines(new ByteArrayInputStream(bytes, from, to - from), sink);
                for (int i = from; i < to; i++) {
                    lines += bytes[i] == '\n' ? 1 : 0;
                }
                next.setLines(lines);
            }
            next.setPrint(print(in, next.getBytes()));
            save(key, next);
        } catch (FileRefused | IOException | RuntimeException e) {
            door.abort();
            throw e instanceof FileRefused refused ? new IOException(refused.getMessage()) : rethrown(e);
        }
        return next;
    }

    private void packed(Path file, String key, long size) throws IOException {
        String print;
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            print = print(in, size);
        }
        FollowPosition at = positions.get(key);
        if (at != null && at.getBytes() == size && at.getPrint().equals(print)) {
            return;
        }
        door.begin();
        try (Unpacked unpacked = Unpacked.open(file, name(file))) {
            String damage = JsonRows.lines(unpacked.bytes(), new LiveLines(name(file), 0, door));
            if (damage != null) {
                throw new IOException("it is not whole yet");
            }
            save(key, new FollowPosition(name(file), size, 0L, false, print));
        } catch (FileRefused | IOException | RuntimeException e) {
            door.abort();
            if (e instanceof RuntimeException fatal) {
                throw fatal;
            }
            LoggerFactory.getLogger(Follower.class).info("{} waits: {}", file, e.getMessage());
        }
    }

    private void save(String key, FollowPosition next) {
        door.send(Topics.FOLLOW_POSITIONS, key, next, error -> {}); // the commit fails when this does
        door.commit();
        positions.put(key, next);
    }

    private static IOException rethrown(Exception e) {
        if (e instanceof RuntimeException fatal) {
            throw fatal;
        }
        return (IOException) e;
    }

    private String name(Path file) {
        Path below = file.equals(root) ? file.getFileName() : root.relativize(file);
        return String.valueOf(below).replace('\\', '/');
    }

    private static String print(SeekableByteChannel in, long bytes) throws IOException {
        int n = (int) Math.min(PRINT, bytes);
        var both = new ByteArrayOutputStream();
        both.writeBytes(read(in, 0, n));
        both.writeBytes(read(in, bytes - n, n));
        return HexFormat.of().formatHex(Hashes.sha256(both.toByteArray()));
    }

    private static byte[] read(SeekableByteChannel in, long from, int n) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(n);
        in.position(from);
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {
            // until it is full or the file ends
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
