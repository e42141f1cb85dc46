package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a benchmark's owner writes its files: which they are, and what a row of them means. Stateless. */
public interface Format {

    /** The benchmark's formula. */
    Benchmark benchmark();

    /** The files that are looked for, in words. */
    String lookedFor();

    /** Columns by which a file of the benchmark is told from others of its name. */
    List<String> columns();

    /** Items that the owner's whole set has; 0 when that is not known for certain. */
    default long ownersItems() {
        return 0;
    }

    /**
     * Whether the formula takes an item that came with recorded scores: its part is known, and it has as many answers as it must.
     */
    default boolean takes(ScoredItem item) {
        return hasBoth(item);
    }

    /** Whether an item has a right and a wrong answer. */
    static boolean hasBoth(ScoredItem item) {
        int rights = 0;
        for (boolean right : item.right()) {
            rights += right ? 1 : 0;
        }
        return rights > 0 && rights < item.right().length;
    }

    /**
     * The part that a file's items belong to, empty when each row says so.
     *
     * @param path path of the file from the data folder's own name on, in lower case, with slashes, without the ending of its
     *     compression
     * @return null when the file is none of this benchmark's
     */
    @Nullable
    String part(String path);

    /**
     * The item of a row.
     *
     * @param part what {@link #part} said of its file
     * @return null when the benchmark leaves such a row out
     */
    @Nullable
    Item item(String part, Row row) throws RowFault;
}
