package io.prefstream.ingest.domain;

/** What became of one line of a label file. */
public sealed interface ParsedLabel permits LabelRow, Refused {}
