package io.prefstream.export.doctor;

import io.prefstream.export.view.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of trouble and where it is.
 *
 * @param target trainer that has it; null for every trainer
 * @param rule stable name, such as {@code prompt-twice}
 * @param what what the trainer does
 * @param cure what to do
 * @param count rows, or files where the whole file is meant
 * @param first the first places, in the order of reading
 */
public record Finding(
        @Nullable Target target,
        Severity severity,
        String rule,
        String what,
        String cure,
        long count,
        List<Place> first) {}
