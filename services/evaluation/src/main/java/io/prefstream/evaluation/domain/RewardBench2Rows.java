package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.RewardBench2;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * RewardBench 2: {@code id}, {@code prompt}, {@code chosen} and {@code rejected} as lists, {@code subset}. Scores stand chosen
 * first. An item of Ties is named by its id alone, {@code ref:N} or {@code tied:N}.
 */
public final class RewardBench2Rows implements Format {

    private static final Pattern PATH = Pattern.compile("(^|.*/|.*--)reward[-_]?bench[-_]?v?2[^/]*(/.*)?");

    @Override
    public Benchmark benchmark() {
        return new RewardBench2();
    }

    @Override
    public String lookedFor() {
        return "Parquet or JSON files named reward-bench-2 or in a folder of that name, such as"
                + " reward-bench-2/data/test-00000-of-00001.parquet";
    }

    @Override
    public List<String> columns() {
        return List.of("id", "prompt", "chosen", "rejected", "subset");
    }

    @Override
    public long ownersItems() {
        return 1865;
    }

    @Override
    public boolean takes(ScoredItem item) {
        return Format.hasBoth(item)
                && RewardBench2.DOMAINS.contains(item.part())
                && (!item.part().equals(RewardBench2.TIES) || item.name().matches("(ref|tied):.+"));
    }

    @Override
    public @Nullable String part(String path) {
        return PATH.matcher(path).matches() ? "" : null;
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        String domain = row.text("subset");
        if (!RewardBench2.DOMAINS.contains(domain)) {
            throw row.wrong("subset", "one of " + String.join(", ", RewardBench2.DOMAINS));
        }
        String id = row.text("id");
        boolean ties = domain.equals(RewardBench2.TIES);
        if (ties && !id.matches("(ref|tied):.+")) {
            throw row.wrong("id", "ref:N or tied:N in the domain Ties");
        }
        List<String> chosen = row.texts("chosen");
        List<String> rejected = row.texts("rejected");
        if (chosen.isEmpty() || (!ties && chosen.size() > 1)) {
            throw row.wrong("chosen", ties ? "a list with an answer" : "a list of one answer outside of Ties");
        }
        if (rejected.isEmpty()) {
            throw row.wrong("rejected", "a list with an answer");
        }
        List<String> answers = new ArrayList<>(chosen);
        answers.addAll(rejected);
        boolean[] right = new boolean[answers.size()];
        for (int i = 0; i < chosen.size(); i++) {
            right[i] = true;
        }
        return new Item(ties ? id : domain + "/" + id, domain, row.turns("prompt"), answers, right, List.of());
    }
}
