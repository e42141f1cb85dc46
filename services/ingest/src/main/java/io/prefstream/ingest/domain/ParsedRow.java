package io.prefstream.ingest.domain;

/** What became of one row: exactly one of these for each row that isn't blank (several where a row makes several pairs). */
public sealed interface ParsedRow permits Candidate, Refused {

    /** Name of the file as the user knows it. */
    String file();

    /** 1-based: the line in JSONL, the element of an array, the data row of CSV and Parquet. */
    long line();
}
