package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.JudgeBench;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JudgeBench: {@code pair_id}, {@code source}, {@code question}, {@code response_A}, {@code response_B}, {@code label}. Answers of
 * GPT-4o are the set that the paper scores; pairs of another {@code response_model} are left out.
 */
public final class JudgeBenchRows implements Format {

    private static final String ANSWERED_BY = "gpt-4o";

    @Override
    public Benchmark benchmark() {
        return new JudgeBench();
    }

    @Override
    public String lookedFor() {
        return "JSON lines or Parquet files named judgebench or in a folder of that name, such as"
                + " dataset=judgebench,response_model=gpt-4o-2024-05-13.jsonl";
    }

    @Override
    public List<String> columns() {
        return List.of("source", "question", "response_A", "response_B", "label");
    }

    @Override
    public long ownersItems() {
        return 350;
    }

    @Override
    public boolean takes(ScoredItem item) {
        return item.scores().length == 2 && Format.hasBoth(item) && JudgeBench.knows(item.part());
    }

    @Override
    public @Nullable String part(String path) {
        return path.matches(".*judge[-_]?bench.*") ? "" : null;
    }

    @Override
    public @Nullable Item item(String part, Row row) throws RowFault {
        if (row.has("response_model") && !row.text("response_model").startsWith(ANSWERED_BY)) {
            return null;
        }
        return new Item(
                row.idOr("pair_id"),
                source(row),
                row.turns("question"),
                List.of(row.text("response_A"), row.text("response_B")),
                right(row),
                List.of());
    }

    /** The source of a pair. */
    static String source(Row row) throws RowFault {
        String source = row.text("source");
        if (!JudgeBench.knows(source)) {
            throw row.wrong("source", "mmlu-pro-..., livebench-reasoning, livebench-math or livecodebench");
        }
        return source;
    }

    /** Which answer is right: A, then B. */
    static boolean[] right(Row row) throws RowFault {
        return switch (row.text("label")) {
            case "A>B" -> new boolean[] {true, false};
            case "B>A" -> new boolean[] {false, true};
            default -> throw row.wrong("label", "A>B or B>A");
        };
    }
}
