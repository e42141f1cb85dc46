package io.prefstream.evaluation.domain;

import java.util.List;
import java.util.Map;

/**
 * What the files of a benchmark hold.
 *
 * @param format the benchmark's
 * @param items its items, in the order of their files' names and then of their rows
 * @param refused rows that could not be used
 * @param leftOut rows that the benchmark leaves out, such as votes for a tie
 * @param files SHA-256 of each file by its path within the data folder
 * @param notes what else a reader should know, such as files that were passed over
 * @param damaged whether a file could not be read to its end
 */
public record Loaded(
        Format format,
        List<Item> items,
        List<Refusal> refused,
        long leftOut,
        Map<String, String> files,
        List<String> notes,
        boolean damaged) {}
