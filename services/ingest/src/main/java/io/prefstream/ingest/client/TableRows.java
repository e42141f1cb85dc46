package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Excerpt;
import io.prefstream.ingest.domain.RowFault;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** Reads CSV and Parquet in the order of the file, by DuckDB in memory; line is the number of the data row. */
final class TableRows {

    private TableRows() {}

    /** {@return null, or why the file ended early} */
    static @Nullable String read(Path file, String name, boolean parquet, RowSink sink) throws FileRefused {
        var properties = new Properties();
        properties.setProperty("jdbc_stream_results", "true");
        properties.setProperty("threads", "1");
        properties.setProperty("autoinstall_known_extensions", "false");
        String query = parquet
                ? "SELECT * FROM read_parquet(?)"
                : "SELECT * FROM read_csv(?, header = true, all_varchar = true, max_line_size = "
                        + JsonRows.MAX_LINE_BYTES + ")";
        long row = 0;
        try (var connection = DriverManager.getConnection("jdbc:duckdb:", properties);
                var statement = connection.prepareStatement(query)) {
            // DuckDB takes the name for a pattern.
            statement.setString(1, file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]"));
            try (ResultSet rows = statement.executeQuery()) {
                var columns = rows.getMetaData();
                while (rows.next()) {
                    row++;
                    var fields = new LinkedHashMap<String, @Nullable Object>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        Object value = plain(rows.getObject(i));
                        fields.put(columns.getColumnName(i), parquet ? value : cell(value));
                    }
                    sink.row(row, fields);
                }
            }
            return null;
        } catch (SQLException e) {
            String kind = parquet ? "Parquet" : "CSV";
            String why = Excerpt.of(
                    String.valueOf(e.getMessage()).replace(file.toAbsolutePath().toString(), name));
            if (row == 0) {
                throw new FileRefused(name, "can't be read as " + kind + ": " + why + "; write the file again");
            }
            return "damaged as " + kind + " after row " + row + ": " + why + "; the rows before it were read";
        }
    }

    /** A cell that holds messages as JSON; every other cell is text. */
    private static @Nullable Object cell(@Nullable Object value) {
        if (!(value instanceof String text) || !text.matches("(?s)\\[?\\s*\\{\\s*\"(role|content|from|value)\".*")) {
            return value;
        }
        try {
            return StrictJson.row("{\"cell\":" + text + "}").get("cell");
        } catch (RowFault fault) {
            return value;
        }
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Array array -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (Object element : (Object[]) array.getArray()) {
                    list.add(plain(element));
                }
                yield list;
            }
            case Struct struct -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                for (Map.Entry<String, Object> field :
                        ((DuckDBStruct) struct).getMap().entrySet()) {
                    map.put(field.getKey(), plain(field.getValue()));
                }
                yield map;
            }
            default -> value;
        };
    }
}
