package io.prefstream.evaluation.client;

import io.prefstream.evaluation.domain.Format;
import io.prefstream.evaluation.domain.Item;
import io.prefstream.evaluation.domain.Loaded;
import io.prefstream.evaluation.domain.Refusal;
import io.prefstream.evaluation.domain.Row;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.RowFiles;
import io.prefstream.ingest.client.RowSink;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.kit.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds benchmarks' files under a folder by the names that their owners give them, and reads them. */
public final class BenchmarkFolder {

    /** What lies beside data sets and holds no rows. */
    private static final Set<String> NO_ROWS =
            Set.of("source.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "results.json");

    private static final String PACKED = "\\.(gz|gzip|zst|zstd)$";

    private final Path folder;
    private final TreeMap<String, Path> files = new TreeMap<>();

    /**
     * The files under a folder, links followed.
     *
     * @throws UserError when the folder can't be read
     */
    public BenchmarkFolder(Path folder) {
        this.folder = folder;
        if (!Files.isDirectory(folder)) {
            throw new UserError("--data " + folder + " is no folder; name the folder that holds the benchmarks' files");
        }
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            walk.filter(Files::isRegularFile)
                    .forEach(
                            file -> files.put(folder.relativize(file).toString().replace('\\', '/'), file));
        } catch (IOException | UncheckedIOException e) {
            throw new UserError("--data " + folder + " can't be read: " + e.getMessage());
        }
    }

    /** Reads the benchmark of a format; without files, there are no items. */
    public Loaded load(Format format) {
        Reading reading = new Reading(format);
        Set<String> taken = new HashSet<>();
        String top = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        files.forEach((relative, file) -> {
            String bare = (top + "/" + relative).toLowerCase(Locale.ROOT).replaceFirst(PACKED, "");
            boolean rows = bare.matches(".*\\.(json|jsonl|parquet)")
                    && !NO_ROWS.contains(bare.substring(bare.lastIndexOf('/') + 1));
            String part = rows ? format.part(bare) : null;
            if (part == null) {
                return;
            }
            if (!taken.add(bare)) {
                reading.notes.add(relative + " is there under the same name otherwise packed, and is passed over");
            } else if (part.isEmpty() && reading.hasParts) {
                reading.notes.add(relative + " holds all parts, which have files of their own, and is passed over");
            } else {
                reading.file(relative, file, part);
                reading.hasParts |= !part.isEmpty();
            }
        });
        return reading.loaded();
    }

    /** Reads one benchmark. */
    private static final class Reading implements RowSink {

        private final Format format;
        private final List<Item> items = new ArrayList<>();
        private final List<Refusal> refused = new ArrayList<>();
        private final Map<String, String> hashes = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();
        private final Map<String, Integer> names = new HashMap<>();
        private boolean hasParts;
        private boolean damaged;
        private long leftOut;
        private String name = "";
        private String part = "";
        private long rows;
        private String alien = "";

        Reading(Format format) {
            this.format = format;
        }

        void file(String relative, Path file, String ofPart) {
            name = relative;
            part = ofPart;
            rows = 0;
            alien = "";
            try {
                String damage = RowFiles.read(file, this);
                hashes.put(relative, Sha256.of(file));
                if (damage != null) {
                    damaged = true;
                    notes.add(relative + ": " + damage);
                }
            } catch (FileRefused e) {
                damaged |= alien.isEmpty();
                notes.add(alien.isEmpty() ? String.valueOf(e.getMessage()) : relative + " is passed over: " + alien);
            }
        }

        @Override
        public void row(long line, Map<String, @Nullable Object> fields) throws FileRefused {
            List<String> lacking = format.columns().stream()
                    .filter(column -> !fields.containsKey(column))
                    .toList();
            if (rows++ == 0 && !lacking.isEmpty()) {
                alien = "without a column " + String.join(", ", lacking) + " it holds no items of "
                        + format.benchmark().title();
                throw new FileRefused(name, alien);
            }
            try {
                Item item = format.item(part, new Row(line, fields));
                if (item == null) {
                    leftOut++;
                } else {
                    items.add(unlike(item));
                }
            } catch (RowFault fault) {
                fault(line, fault);
            }
        }

        /** The item under a name of its own: owners' ids may come twice. */
        private Item unlike(Item item) {
            int times = names.merge(item.name(), 1, Integer::sum);
            return times == 1 ? item : item.named(item.name() + "#" + times);
        }

        @Override
        public void fault(long line, RowFault fault) {
            rows++;
            refused.add(Refusal.of(name, line, fault));
        }

        Loaded loaded() {
            return new Loaded(format, items, refused, leftOut, hashes, notes, damaged);
        }
    }
}
