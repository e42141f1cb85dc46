package io.prefstream.ingest.client;

import io.prefstream.ingest.domain.AnswerRow;
import io.prefstream.ingest.domain.AnswerRows;
import io.prefstream.ingest.domain.ParsedRow;
import io.prefstream.ingest.domain.Refused;
import io.prefstream.ingest.domain.RowFault;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads files of answers to score: preference pairs in any shape, conversations, or several answers to a prompt. */
public final class AnswerFiles {

    private AnswerFiles() {}

    /**
     * Gives every row to one of the sinks, in the file's order and on the caller's thread.
     *
     * @param mapping from our name of a column to the file's
     * @param pairs takes pairs, and rows of any kind that are refused
     * @return counts of pairs, and what ended the reading early
     * @throws FileRefused when nothing of the file can be used
     */
    public static FileReport read(
            Path file, Map<String, String> mapping, Consumer<ParsedRow> pairs, Consumer<AnswerRow> answers)
            throws FileRefused {
        String name = String.valueOf(file.getFileName());
        AnswerRows rows = new AnswerRows(name);
        return PairFiles.read(file, mapping, pairs, new PairFiles.Others() {
            @Override
            public boolean are(Map<String, @Nullable Object> row) {
                return AnswerRows.are(row);
            }

            @Override
            public void take(long line, Map<String, @Nullable Object> row) {
                try {
                    answers.accept(rows.read(line, row));
                } catch (RowFault fault) {
                    pairs.accept(new Refused(name, line, null, fault.rule(), fault.reason(), fault.field()));
                }
            }
        });
    }
}
