package io.prefstream.evaluation.domain;

import io.prefstream.core.benchmark.Benchmark;
import io.prefstream.core.benchmark.Rmb;
import io.prefstream.core.benchmark.ScoredItem;
import io.prefstream.ingest.domain.RowFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * RMB: {@code Pairwise_set} with {@code pair_uid}, {@code conversation_input}, {@code chosen} and {@code reject}, and
 * {@code BoN_set} with {@code bon_uid}, {@code bon_best} and {@code loser_list}; an answer is an object with {@code answer}.
 */
public final class RmbRows implements Format {

    private static final Pattern PATH =
            Pattern.compile("(?:.*/)?(pairwise|bon)_set/(helpfulness|harmlessness)/(.*?)\\.[^/.]*");

    @Override
    public Benchmark benchmark() {
        return new Rmb();
    }

    @Override
    public String lookedFor() {
        return "Pairwise_set/Helpfulness/AREA/NAME.json, Pairwise_set/Harmlessness/NAME.json, and the same under BoN_set";
    }

    @Override
    public List<String> columns() {
        return List.of("conversation_input");
    }

    @Override
    public boolean takes(ScoredItem item) {
        return Format.hasBoth(item)
                && Rmb.QUARTERS.stream().anyMatch(quarter -> item.part().startsWith(quarter + "/"));
    }

    @Override
    public @Nullable String part(String path) {
        Matcher found = PATH.matcher(path);
        return found.matches()
                ? (found.group(1).equals("bon") ? "lists/" : "pairs/") + found.group(2) + "/" + found.group(3)
                : null;
    }

    @Override
    public Item item(String part, Row row) throws RowFault {
        boolean list = part.startsWith("lists/");
        List<String> answers = new ArrayList<>();
        if (list) {
            answers.add(row.object("bon_best").text("answer"));
            for (Row loser : row.objects("loser_list")) {
                answers.add(loser.text("answer"));
            }
            if (answers.size() < 2) {
                throw row.wrong("loser_list", "a list with an answer");
            }
        } else {
            answers.add(row.object("chosen").text("answer"));
            answers.add(row.object("reject").text("answer"));
        }
        boolean[] right = new boolean[answers.size()];
        right[0] = true;
        String id = row.idOr(list ? "bon_uid" : "pair_uid");
        return new Item(part + "/" + id, part, row.turns("conversation_input"), answers, right, List.of());
    }
}
