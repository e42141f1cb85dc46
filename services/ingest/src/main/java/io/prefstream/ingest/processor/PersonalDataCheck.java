package io.prefstream.ingest.processor;

import io.prefstream.core.cleaning.PersonalData;
import io.prefstream.core.cleaning.PersonalData.Kind;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairInMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Scores, and by policy redacts or refuses, the personal data of a row. Stateless; any thread. */
final class PersonalDataCheck {

    private PersonalDataCheck() {}

    /**
     * What became of a row.
     *
     * @param row the row, marked with its score, and redacted if the policy says so
     * @param refusal why it is refused, without the data itself; null when it goes on
     */
    record Checked(PairIn row, @Nullable String refusal) {}

    static Checked of(PairIn row, PiiPolicy policy) {
        List<String> texts = new ArrayList<>();
        row.getHistory().forEach(turn -> texts.add(turn.getContent()));
        texts.add(String.valueOf(row.getChosen()));
        texts.add(String.valueOf(row.getRejected()));
        texts.addAll(row.getExtra().values());
        Set<Kind> kinds = PersonalData.kinds(texts);
        int score = PersonalData.score(kinds);
        if (score == 0) {
            return new Checked(row, null);
        }
        String names = kinds.stream().map(Kind::id).collect(Collectors.joining(","));
        if (policy.drops(score)) {
            return new Checked(
                    row, "personal data of score " + score + " (" + names + ") stands in its texts; take it out");
        }
        Map<String, String> extra = new TreeMap<>();
        row.getExtra().forEach((name, value) -> extra.put(name, text(value, policy)));
        extra.put("pii_score", Integer.toString(score));
        extra.put("pii_kinds", names);
        return new Checked(
                PairIn.newBuilder(row)
                        .setHistory(row.getHistory().stream()
                                .map(turn -> new PairInMessage(turn.getRole(), text(turn.getContent(), policy)))
                                .toList())
                        .setChosen(text(String.valueOf(row.getChosen()), policy))
                        .setRejected(text(String.valueOf(row.getRejected()), policy))
                        .setExtra(extra)
                        .build(),
                null);
    }

    private static String text(String text, PiiPolicy policy) {
        return policy.redacts() ? PersonalData.redacted(text) : text;
    }
}
