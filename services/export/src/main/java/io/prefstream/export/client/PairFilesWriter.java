package io.prefstream.export.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import io.prefstream.wire.CuratedMessage;
import io.prefstream.wire.CuratedPair;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes published pairs as Parquet and as JSON lines with zstd, in the implicit-conversation shape: {@code chosen} and
 * {@code rejected} are whole message lists, and there is no {@code prompt} column. The same pairs give the same bytes.
 */
final class PairFilesWriter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("chosen", Parquet.MESSAGES);
        COLUMNS.put("rejected", Parquet.MESSAGES);
        COLUMNS.put("pair_id", "VARCHAR");
        COLUMNS.put("source_id", "VARCHAR");
        COLUMNS.put("margin", "DOUBLE");
        COLUMNS.put("label_source", "VARCHAR");
        COLUMNS.put("split", "VARCHAR");
    }

    private static final int ZSTD_LEVEL = 3;

    private PairFilesWriter() {}

    /** Writes {@code <split>-00000-of-00001.parquet} and {@code .jsonl.zst}; nothing for no pairs, which loaders refuse. */
    static void write(Path folder, String split, List<CuratedPair> sorted) throws IOException {
        if (sorted.isEmpty()) {
            return;
        }
        Files.createDirectories(folder);
        String name = split + "-00000-of-00001";
        Path lines = folder.resolve("." + name + ".jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(lines)) {
            writeLines(out, split, sorted);
        }
        try (Writer out = new OutputStreamWriter(
                new ZstdOutputStream(Files.newOutputStream(folder.resolve(name + ".jsonl.zst")), ZSTD_LEVEL),
                StandardCharsets.UTF_8)) {
            writeLines(out, split, sorted);
        }
        Parquet.write(lines, folder.resolve(name + ".parquet"), COLUMNS);
        Files.delete(lines);
    }

    private static void writeLines(Writer out, String split, List<CuratedPair> sorted) throws IOException {
        for (CuratedPair pair : sorted) {
            ObjectNode row = JSON.createObjectNode();
            row.set("chosen", conversation(pair, pair.getChosen()));
            row.set("rejected", conversation(pair, pair.getRejected()));
            row.put("pair_id", pair.getPairId());
            row.put("source_id", pair.getSourceId());
            row.put("margin", Math.round(pair.getMargin() * 1e6) / 1e6);
            row.put("label_source", pair.getLabelSource());
            row.put("split", split);
            out.write(JSON.writeValueAsString(row));
            out.write('\n');
        }
    }

    private static ArrayNode conversation(CuratedPair pair, String answer) {
        ArrayNode messages = JSON.createArrayNode();
        for (CuratedMessage message : pair.getHistory()) {
            messages.addObject().put("role", message.getRole()).put("content", message.getContent());
        }
        messages.addObject().put("role", "assistant").put("content", answer);
        return messages;
    }
}
