package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.Rule;
import io.prefstream.ingest.domain.Shape;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was read from one file.
 *
 * @param shape null when no row could be read
 * @param rows rows that aren't blank
 * @param candidates pairs; may exceed rows where a row makes several
 * @param refused refusals by rule
 * @param damage null, or why the file ended early; the rows before it were given out
 */
public record FileReport(
        @Nullable Shape shape,
        long rows,
        long candidates,
        Map<Rule, Long> refused,
        @Nullable String damage) {}
