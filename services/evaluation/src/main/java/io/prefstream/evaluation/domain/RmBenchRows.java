package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.RmBench;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** RM-Bench: {@code id}, {@code prompt}, {@code chosen} and {@code rejected} with three answers each; a file a domain. */
public final class RmBenchRows implements Format {

    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?(?:(chat|math|code|safety-refuse|safety-response)_filtered|total_dataset)\\.json");

    @Override
    public Benchmark benchmark() {
        return new RmBench();
    }

    @Override
    public String lookedFor() {
        return "chat_filtered.json, math_filtered.json, code_filtered.json, safety-refuse_filtered.json and"
                + " safety-response_filtered.json, or total_dataset.json instead of them";
    }

    @Override
    public List<String> columns() {
        return List.of("prompt", "chosen", "rejected");
    }

    @Override
    public long ownersItems() {
        return 1327;
    }

    @Override
    public boolean takes(ScoredItem item) {
        return item.scores().length == 2 * RmBench.STYLES
                && (item.part().startsWith("safety") || RmBench.DOMAINS.contains(item.part()));
    }

    @Override
    public @Nullable String part(String path) {
        Matcher found = PATH.matcher(path);
        return !found.matches() ? null : found.group(1) == null ? "" : found.group(1);
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        String domain = part.isEmpty() ? row.text("domain") : part;
        if (!domain.startsWith("safety") && !RmBench.DOMAINS.contains(domain)) {
            throw row.wrong("domain", "one of " + String.join(", ", RmBench.DOMAINS));
        }
        List<String> chosen = row.texts("chosen");
        List<String> rejected = row.texts("rejected");
        if (chosen.size() != RmBench.STYLES) {
            throw row.wrong("chosen", "a list of three answers");
        }
        if (rejected.size() != RmBench.STYLES) {
            throw row.wrong("rejected", "a list of three answers");
        }
        List<String> answers = new ArrayList<>(chosen);
        answers.addAll(rejected);
        return new Item(
                domain + "/" + row.idOr("id"),
                domain,
                row.turns("prompt"),
                answers,
                new boolean[] {true, true, true, false, false, false},
                List.of());
    }
}
