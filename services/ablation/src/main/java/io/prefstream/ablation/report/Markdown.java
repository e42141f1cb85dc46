package io.prefstream.ablation.report;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a report as Markdown; its drawings are files beside it. */
public final class Markdown {

    private Markdown() {}

    /** The text. */
    public static String of(String title, List<Block> blocks) {
        StringBuilder out = new StringBuilder("# ").append(title).append('\n');
        for (Block block : blocks) {
            out.append('\n');
            switch (block) {
                case Block.Heading heading ->
                    out.append("## ").append(heading.text()).append('\n');
                case Block.Text text -> out.append(text.text()).append('\n');
                case Block.Points points ->
                    points.items().forEach(item -> out.append("- ").append(item).append('\n'));
                case Block.Command command ->
                    out.append("    ").append(command.text()).append('\n');
                case Block.Figure figure ->
                    out.append("![")
                            .append(figure.caption())
                            .append("](")
                            .append(figure.name())
                            .append(".svg)\n");
                case Block.Table table -> table(table, out);
            }
        }
        return out.toString();
    }

    private static void table(Block.Table table, StringBuilder out) {
        out.append(table.caption()).append("\n\n");
        out.append(row(table.head()));
        for (int i = 0; i < table.head().size(); i++) {
            out.append(i == 0 ? "|---|" : "---:|");
        }
        out.append('\n');
        table.rows().forEach(cells -> out.append(row(cells)));
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
