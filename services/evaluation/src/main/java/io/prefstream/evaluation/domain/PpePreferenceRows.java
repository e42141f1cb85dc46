package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.PpePreference;
import io.prefstream.ingest.domain.RowFault;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PPE Preference: {@code question_id}, {@code prompt}, {@code response_1}, {@code response_2}, {@code winner}. Rows whose winner
 * is a tie of any kind are left out.
 */
public final class PpePreferenceRows implements Format {

    private static final Pattern PATH = Pattern.compile(".*ppe[-_](human[-_])?preference.*");

    @Override
    public Benchmark benchmark() {
        return new PpePreference();
    }

    @Override
    public String lookedFor() {
        return "Parquet or JSON files named PPE-Human-Preference or in a folder of that name, such as"
                + " PPE-Human-Preference-V1/data/test-00000-of-00001.parquet";
    }

    @Override
    public List<String> columns() {
        return List.of("prompt", "response_1", "response_2", "winner");
    }

    @Override
    public @Nullable String part(String path) {
        return PATH.matcher(path).matches() ? "" : null;
    }

    @Override
    public @Nullable Item item(String part, Row row) throws RowFault {
        String winner = row.text("winner");
        if (winner.startsWith("tie")) {
            return null;
        }
        if (!winner.equals("model_a") && !winner.equals("model_b")) {
            throw row.wrong("winner", "model_a, model_b or a tie");
        }
        boolean first = winner.equals("model_a");
        return new Item(
                row.idOr("question_id"),
                row.has("language") ? row.text("language") : "unknown",
                row.turns("prompt"),
                List.of(row.text("response_1"), row.text("response_2")),
                new boolean[] {first, !first},
                List.of());
    }
}
