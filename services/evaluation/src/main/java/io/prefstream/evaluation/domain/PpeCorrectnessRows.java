package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.PpeCorrectness;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.core.benchmark.ScoredItem.Duel;
import io.prefstream.ingest.domain.RowFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PPE Correctness: {@code question_id}, {@code prompt}, {@code model_name}, {@code response_1} to {@code response_32},
 * {@code scores} (whether each is right) and {@code sampled_conflict_pairs}. The file's name says which of the five sets it is.
 */
public final class PpeCorrectnessRows implements Format {

    private static final Pattern PATH =
            Pattern.compile(".*ppe[-_](mmlu[-_]pro|math|gpqa|ifeval|mbpp[-_]plus)[-_]best[-_]of[-_]k.*");

    private final long seed;

    PpeCorrectnessRows(long seed) {
        this.seed = seed;
    }

    @Override
    public Benchmark benchmark() {
        return new PpeCorrectness(seed);
    }

    @Override
    public String lookedFor() {
        return "Parquet or JSON files named PPE-MMLU-Pro-Best-of-K, PPE-MATH-Best-of-K, PPE-GPQA-Best-of-K,"
                + " PPE-IFEval-Best-of-K and PPE-MBPP-Plus-Best-of-K, or in folders of these names";
    }

    @Override
    public List<String> columns() {
        return List.of("prompt", "response_1", "scores", "sampled_conflict_pairs");
    }

    @Override
    public boolean takes(ScoredItem item) {
        return PpeCorrectness.SETS.contains(item.part());
    }

    @Override
    public @Nullable String part(String path) {
        Matcher found = PATH.matcher(path);
        return found.matches() ? found.group(1).replace('_', '-') : null;
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        boolean[] right = row.truths("scores");
        List<String> answers = new ArrayList<>();
        for (int i = 1; i <= right.length; i++) {
            answers.add(row.text("response_" + i));
        }
        if (row.has("response_" + (right.length + 1))) {
            throw row.wrong("scores", "a list as long as there are responses");
        }
        List<Duel> duels = new ArrayList<>();
        for (int[] pair : row.places("sampled_conflict_pairs", right.length)) {
            if (right[pair[0]] == right[pair[1]]) {
                throw row.wrong("sampled_conflict_pairs", "pairs of a right and a wrong answer");
            }
            duels.add(right[pair[0]] ? new Duel(pair[0], pair[1]) : new Duel(pair[1], pair[0]));
        }
        String model = row.has("model_name") ? "/" + row.text("model_name") : "";
        return new Item(part + "/" + row.idOr("question_id") + model, part, row.turns("prompt"), answers, right, duels);
    }
}
