package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.RewardBench;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** RewardBench: {@code prompt}, {@code chosen}, {@code rejected}, {@code subset}, {@code id}; the split {@code filtered}. */
public final class RewardBenchRows implements Format {

    private static final Pattern PATH = Pattern.compile("(^|.*/|.*--)reward[-_]?bench(?![-_]?v?2)[^/]*(/.*)?");

    @Override
    public Benchmark benchmark() {
        return new RewardBench();
    }

    @Override
    public String lookedFor() {
        return "Parquet or JSON files named reward-bench or in a folder of that name, such as"
                + " reward-bench/data/filtered-00000-of-00001.parquet; not the split raw";
    }

    @Override
    public List<String> columns() {
        return List.of("prompt", "chosen", "rejected", "subset");
    }

    @Override
    public long ownersItems() {
        return 2985;
    }

    @Override
    public boolean takes(ScoredItem item) {
        return item.scores().length == 2 && Format.hasBoth(item) && RewardBench.NAMES.contains(item.part());
    }

    @Override
    public @Nullable String part(String path) {
        return PATH.matcher(path).matches() && !path.matches("(.*/)?raw[^/]*") ? "" : null;
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        String subset = row.text("subset");
        if (!RewardBench.NAMES.contains(subset)) {
            throw row.wrong("subset", "one of the 23 subsets of the split filtered");
        }
        return new Item(
                subset + "/" + row.idOr("id"),
                subset,
                row.turns("prompt"),
                List.of(row.text("chosen"), row.text("rejected")),
                new boolean[] {true, false},
                List.of());
    }
}
