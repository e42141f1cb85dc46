package io.prefstream.attributetagger.domain;

import io.prefstream.attributetagger.domain.Attributes.Dispute;
import io.prefstream.core.pair.TaskCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A prompt with known attributes, to which others are likened.
 *
 * @param objective whether an answer can be checked
 */
public record Prototype(TaskCategory category, boolean objective, Dispute dispute, String prompt) {

    /**
     * Prototypes from lines of category, objectivity, controversiality and prompt with tabs between; a line that begins with
     * # is a remark.
     *
     * @throws IllegalArgumentException naming the line that can't be read
     */
    public static List<Prototype> parse(List<String> lines) {
        List<Prototype> all = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> fields = List.of(line.split("\t", -1));
            if (fields.size() != 4) {
                throw new IllegalArgumentException("not four fields: " + line);
            }
            TaskCategory category = TaskCategory.of(fields.get(0))
                    .orElseThrow(() -> new IllegalArgumentException("no such category: " + line));
            all.add(new Prototype(
                    category,
                    fields.get(1).equals("objective"),
                    Dispute.valueOf(fields.get(2).toUpperCase(Locale.ROOT)),
                    fields.get(3)));
        }
        return List.copyOf(all);
    }
}
