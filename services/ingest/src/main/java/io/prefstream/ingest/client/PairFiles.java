package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Candidate;
import io.prefstream.ingest.domain.Excerpt;
import io.prefstream.ingest.domain.PairRows;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.ingest.domain.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads files of preference pairs: JSON lines, a JSON array, CSV or Parquet, plain, gzip or zstd. */
public final class PairFiles {

    private static final int SAMPLE_ROWS = 10;

    private PairFiles() {}

    /** Rows that hold no pairs and are taken elsewhere, told apart by their columns. */
    interface Others {
        boolean are(Map<String, @Nullable Object> row);

        void take(long line, Map<String, @Nullable Object> row);
    }

    private static final Others NONE = new Others() {
        @Override
        public boolean are(Map<String, @Nullable Object> row) {
            return false;
        }

        @Override
        public void take(long line, Map<String, @Nullable Object> row) {
            throw new IllegalStateException("no row is one of the others");
        }
    };

    /** As {@link #read(Path, Map, Consumer)} without a mapping. */
    public static FileReport read(Path file, Consumer<ParsedRow> sink) throws FileRefused {
        return read(file, Map.of(), sink);
    }

    /**
     * Gives every row to the sink, in the file's order and on the caller's thread.
     *
     * @param mapping from our name of a column (chosen, rejected, prompt, id ...) to the file's
     * @return counts, and what ended the reading early
     * @throws FileRefused when nothing of the file can be used
     */
    public static FileReport read(Path file, Map<String, String> mapping, Consumer<ParsedRow> sink) throws FileRefused {
        return read(file, mapping, sink, NONE);
    }

    static FileReport read(Path file, Map<String, String> mapping, Consumer<ParsedRow> sink, Others others)
            throws FileRefused {
        String name = String.valueOf(file.getFileName());
        var rows = new Rows(name, mapping, sink, others);
        String damage;
        try (Unpacked unpacked = Unpacked.open(file, name)) {
            damage = read(file, name, unpacked, rows);
        } catch (IOException e) {
            throw new FileRefused(name, "can't be read (" + JsonRows.cause(e) + ")");
        }
        rows.end();
        if (rows.rows == 0) {
            throw new FileRefused(
                    name, damage == null ? "holds no row; it should hold one preference pair a row" : damage);
        }
        return new FileReport(rows.shape, rows.rows, rows.candidates, Map.copyOf(rows.refused), damage);
    }

    /** {@return null, or why the file ended early} */
    static @Nullable String read(Path file, String name, Unpacked unpacked, RowSink rows)
            throws FileRefused, IOException {
        String bare = Unpacked.bareName(file);
        boolean parquet = Unpacked.starts(unpacked.head(), 'P', 'A', 'R', '1')
                || Unpacked.starts(unpacked.head(), 'P', 'A', 'R', 'E');
        if (!parquet && bare.endsWith(".parquet")) {
            throw new FileRefused(name, "is named Parquet but does not begin like it; write the file again");
        }
        String start = new String(unpacked.head(), java.nio.charset.StandardCharsets.ISO_8859_1).strip();
        boolean csv = bare.endsWith(".csv")
                || bare.endsWith(".tsv")
                || (!start.startsWith("{") && !start.startsWith("[") && !bare.contains(".json"));
        if (parquet || csv) {
            if (!unpacked.compressed()) {
                return TableRows.read(file, name, parquet, rows);
            }
            Path plain = Files.createTempFile("prefstream-", ".unpacked");
            try {
                String damage = null;
                try {
                    Files.copy(unpacked.bytes(), plain, StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    damage = "damaged (" + JsonRows.cause(e) + "); the rows before it were read";
                }
                String later = TableRows.read(plain, name, parquet, rows);
                return damage == null ? later : damage;
            } finally {
                Files.deleteIfExists(plain);
            }
        }
        return start.startsWith("[") ? JsonRows.array(unpacked.bytes(), rows) : JsonRows.lines(unpacked.bytes(), rows);
    }

    /** Holds back the first rows until the shape of the file is known. */
    private static final class Rows implements RowSink {
        private final String file;
        private final Map<String, String> mapping;
        private final Consumer<ParsedRow> sink;
        private final Others others;
        private final List<Held> held = new ArrayList<>();
        private @Nullable PairRows reader;
        private @Nullable Shape shape;
        private long rows;
        private long candidates;
        private final Map<Rule, Long> refused = new EnumMap<>(Rule.class);

        private record Held(
                long line,
                @Nullable Map<String, @Nullable Object> fields,
                @Nullable RowFault fault) {}

        Rows(String file, Map<String, String> mapping, Consumer<ParsedRow> sink, Others others) {
            this.file = file;
            this.mapping = mapping;
            this.sink = sink;
            this.others = others;
        }

        @Override
        public void row(long line, Map<String, @Nullable Object> fields) throws FileRefused {
            rows++;
            var named = new LinkedHashMap<String, @Nullable Object>(fields);
            for (var entry : mapping.entrySet()) {
                if (fields.containsKey(entry.getValue())) {
                    named.put(entry.getKey(), fields.get(entry.getValue()));
                }
            }
            if (others.are(named)) {
                end(); // those that were held stand before it
                others.take(line, named);
            } else {
                take(new Held(line, named, null));
            }
        }

        @Override
        public void fault(long line, RowFault fault) throws FileRefused {
            rows++;
            take(new Held(line, null, fault));
        }

        private void take(Held row) throws FileRefused {
            if (reader != null || (held.isEmpty() && row.fields == null)) {
                give(row);
                return;
            }
            held.add(row);
            if (held.size() == SAMPLE_ROWS) {
                end();
            }
        }

        void end() throws FileRefused {
            if (held.isEmpty()) {
                return;
            }
            var sample = new LinkedHashMap<String, @Nullable Object>();
            for (Held row : held) {
                if (row.fields != null) {
                    row.fields.forEach((column, value) -> {
                        if (sample.get(column) == null) {
                            sample.put(column, value);
                        }
                    });
                }
            }
            for (String column : mapping.values()) {
                if (!sample.containsKey(column)) {
                    throw new FileRefused(
                            file, "the mapping names the column " + Excerpt.of(column) + ", found " + columns(sample));
                }
            }
            shape = Shape.of(sample)
                    .orElseThrow(() -> new FileRefused(
                            file,
                            "is no known shape of preference pairs. Expected the columns chosen, rejected and prompt"
                                    + " (or another shape of the documentation), found " + columns(sample)
                                    + ". Write which is which: --map prompt=COLUMN,chosen=COLUMN,rejected=COLUMN"));
            reader = new PairRows(file, shape);
            held.forEach(this::give);
            held.clear();
        }

        private static String columns(Map<String, @Nullable Object> sample) {
            return Excerpt.of(String.join(", ", sample.keySet()));
        }

        private void give(Held row) {
            if (row.fault != null) {
                out(new Refused(file, row.line, null, row.fault.rule(), row.fault.reason(), row.fault.field()));
            } else if (row.fields != null && reader != null) {
                reader.read(row.line, row.fields, this::out);
            }
        }

        private void out(ParsedRow row) {
            switch (row) {
                case Candidate candidate -> candidates++;
                case Refused bad -> refused.merge(bad.rule(), 1L, Long::sum);
            }
            sink.accept(row);
        }
    }
}
