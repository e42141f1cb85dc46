package io.prefstream.ablation.report;

import java.util.List;

/** Writes a report as one HTML page: no script, nothing from elsewhere, readable by day and by night. */
public final class Html {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #222; --faint: #666; --line: #ddd; --paper: #fff; --head: #f4f4f2; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e8e8e6; --faint: #a3a3a0; --line: #3d3d3d; --paper: #181818; --head: #242424; } }
            body { margin: 2rem auto; max-width: 72rem; padding: 0 1.2rem; color: var(--ink); background: var(--paper);
              font: 15px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
            figure, .table { margin: .6rem 0 1.6rem; overflow-x: auto; }
            figcaption { color: var(--faint); margin-bottom: .4rem; }
            table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
            th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; }
            th { background: var(--head); } th:first-child, td:first-child { text-align: left; }
            pre { background: var(--head); padding: .6rem .8rem; overflow-x: auto; }
            svg { max-width: 100%; height: auto; }
            """;

    private Html() {}

    /** The page. */
    public static String of(String title, List<Block> blocks) {
        StringBuilder out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
        for (Block block : blocks) {
            switch (block) {
                case Block.Heading heading -> tag(out, "h2", heading.text());
                case Block.Text text -> tag(out, "p", text.text());
                case Block.Points points -> {
                    out.append("<ul>\n");
                    points.items().forEach(item -> tag(out, "li", item));
                    out.append("</ul>\n");
                }
                case Block.Command command -> tag(out, "pre", command.text());
                case Block.Figure figure -> {
                    out.append("<figure>");
                    tag(out, "figcaption", figure.caption());
                    out.append(figure.svg()).append("</figure>\n");
                }
                case Block.Table table -> table(table, out);
            }
        }
        return out.append("</body></html>\n").toString();
    }

    private static void table(Block.Table table, StringBuilder out) {
        tag(out, "p", table.caption());
        out.append("<div class=\"table\"><table><thead><tr>");
        table.head().forEach(cell -> tag(out, "th", cell));
        out.append("</tr></thead><tbody>\n");
        for (List<String> cells : table.rows()) {
            out.append("<tr>");
            cells.forEach(cell -> tag(out, "td", cell));
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void tag(StringBuilder out, String name, String text) {
        out.append('<')
                .append(name)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append('>');
        if (!name.startsWith("t")) {
            out.append('\n');
        }
    }

    /** Text as it stands between tags. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
