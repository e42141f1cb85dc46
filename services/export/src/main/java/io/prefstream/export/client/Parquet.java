package io.prefstream.export.client;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns JSON lines into Parquet. The same lines give the same bytes. */
public final class Parquet {

    /** Type of a list of messages, as loaders know it. */
    public static final String MESSAGES = "STRUCT(\"role\" VARCHAR, content VARCHAR)[]";

    private static final int ROW_GROUP = 8192;

    private Parquet() {}

    /**
     * Writes a file.
     *
     * @param columns types as DuckDB names them, by column, in order
     */
    public static void write(Path lines, Path to, Map<String, String> columns) throws IOException {
        String types = columns.entrySet().stream()
                .map(column -> "\"" + column.getKey() + "\": '" + column.getValue() + "'")
                .collect(Collectors.joining(", ", "{", "}"));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("SET threads = 1");
            statement.execute("SET preserve_insertion_order = true");
            statement.execute("COPY (SELECT * FROM read_json(" + quoted(lines)
                    + ", format = 'newline_delimited', maximum_object_size = 67108864, columns = " + types + ")) TO "
                    + quoted(to) + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP + ")");
        } catch (SQLException e) {
            throw new IOException("cannot write " + to.getFileName() + ": " + e.getMessage(), e);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
    }
}
