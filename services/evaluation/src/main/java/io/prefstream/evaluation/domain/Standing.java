package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Outcome;
import io.prefstream.core.benchmark.ScoredItem;
import java.util.List;
import java.util.Map;

/**
 * How a model stands on one benchmark, and what that rests on.
 *
 * @param format the benchmark's
 * @param outcome its figures; what keeps it from being whole is among {@link Outcome#missing}
 * @param items the items with their scores
 * @param texts SHA-256 of the items' texts by name, of those whose texts were there
 * @param refused rows that could not be used
 * @param leftOut rows that the benchmark leaves out
 * @param failed answers that could not be scored
 * @param files SHA-256 of each file that was read
 * @param notes what else a reader should know
 */
public record Standing(
        Format format,
        Outcome outcome,
        List<ScoredItem> items,
        Map<String, String> texts,
        List<Refusal> refused,
        long leftOut,
        long failed,
        Map<String, String> files,
        List<String> notes) {

    /** Id of the benchmark. */
    public String id() {
        return format.benchmark().id();
    }
}
