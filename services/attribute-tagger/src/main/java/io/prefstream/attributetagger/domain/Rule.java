package io.prefstream.attributetagger.domain;

import io.prefstream.core.pair.TaskCategory;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern that speaks for a category.
 *
 * @param weight how much it says, 1 or more
 */
public record Rule(TaskCategory category, int weight, Pattern pattern) {

    /**
     * Rules from lines of category, weight and pattern with tabs between; a line that begins with # is a remark.
     *
     * @throws IllegalArgumentException when a line can't be read
     */
    public static List<Rule> parse(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    List<String> fields = List.of(line.split("\t", -1));
                    return new Rule(
                            TaskCategory.of(fields.get(0))
                                    .orElseThrow(() -> new IllegalArgumentException("no such category: " + line)),
                            Integer.parseInt(fields.get(1)),
                            Pattern.compile(fields.get(2), Pattern.CASE_INSENSITIVE));
                })
                .toList();
    }
}
