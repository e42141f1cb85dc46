package io.prefstream.evaluation.domain;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a head; the first column is words and stands left, the others stand right. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with this head. */
    public Table(String... head) {
        rows.add(List.of(head));
    }

    /** Adds a row, which may be shorter than the head. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Whether there is no row below the head. */
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The table in columns, for a terminal. */
    public String text() {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : "  ").append(i == 0 ? cell + space : space + cell);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** The table in Markdown. */
    public String markdown() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            out.append("| ");
            for (int j = 0; j < rows.getFirst().size(); j++) {
                String cell = j < rows.get(i).size() ? rows.get(i).get(j) : "";
                out.append(cell.replace("|", "\\|")).append(" | ");
            }
            out.setLength(out.length() - 1);
            out.append('\n');
            if (i == 0) {
                out.append("|---")
                        .append("|---:".repeat(rows.getFirst().size() - 1))
                        .append("|\n");
            }
        }
        return out.toString();
    }
}
