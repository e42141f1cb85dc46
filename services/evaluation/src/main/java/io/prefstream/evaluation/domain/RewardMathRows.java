package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.RewardMath;
import io.prefstream.ingest.domain.RowFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RewardMATH, of which recorded scores alone are read: see {@link RecordedRows}. */
public final class RewardMathRows implements Format {

    @Override
    public Benchmark benchmark() {
        return new RewardMath();
    }

    @Override
    public String lookedFor() {
        return "recorded scores (--scores FILE); its texts are not read";
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public long ownersItems() {
        return 483;
    }

    @Override
    public @Nullable String part(String path) {
        return null;
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        throw row.wrong("problem", "given with recorded scores");
    }
}
