package io.prefstream.runner.ablate;

import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where a replay begins to do things again; what lies before was recorded and is read. The earliest comes first. */
public enum Entry {

    /** With the rows as they came in: every stage works again. */
    INPUT,
    /** With the pairs as ingest and the tagger left them: models are trained anew, round by round. */
    ROUNDS,
    /** With the scores and votes as they were: only what is made of them is decided again. */
    VERDICTS;

    private static final List<Topic<?>> OF_INGEST_AND_TAGGER = List.of(
            Topics.PAIRS,
            Topics.REJECTED_INPUT,
            Topics.CONTAMINATIONS,
            Topics.NEAR_DUPLICATES,
            Topics.PAIR_ATTRIBUTES,
            Topics.deadLetters("ingest"),
            Topics.deadLetters("attribute-tagger"));

    private static final List<Topic<?>> OF_ROUNDS = List.of(
            Topics.PAIR_EMBEDDINGS,
            Topics.PAIR_FEATURES,
            Topics.LABELS,
            Topics.LABEL_REQUESTS,
            Topics.TAG_REQUESTS,
            Topics.PAIR_SCORES,
            Topics.JUDGE_VOTES,
            Topics.JUDGE_STATS,
            Topics.JUDGE_CANARIES,
            Topics.VOTES,
            Topics.COSTS,
            Topics.TRAINING_RUNS,
            Topics.ROUND_ACCOUNTS,
            Topics.FLIP_AUDITS,
            Topics.ROUNDS,
            Topics.CHECKPOINTS,
            Topics.deadLetters("retrieval"),
            Topics.deadLetters("label-verifier"),
            Topics.deadLetters("reward-scorer"));

    /** Settings that say what is made of scores and votes, and nothing before. */
    private static final Set<String> OF_VERDICTS =
            Set.of("keep", "flip", "decision", "to-label", "profile", "epsilon", "epsilon.gold");

    private static final List<String> OF_VERDICTS_TOO = List.of("selection", "flip.");
    private static final List<String> OF_INPUT = List.of("ingest.", "pii");

    /** Where a setting first matters. */
    static Entry of(String setting) {
        if (OF_INPUT.stream().anyMatch(setting::startsWith)) {
            return INPUT;
        }
        return OF_VERDICTS.contains(setting) || OF_VERDICTS_TOO.stream().anyMatch(setting::startsWith)
                ? VERDICTS
                : ROUNDS;
    }

    /** Of two, the one that does more again. */
    Entry or(Entry other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /**
     * Stages that take part.
     *
     * @param describes whether a language model sets attributes in rounds, so that the tagger works too
     */
    List<String> stages(boolean describes) {
        return switch (this) {
            case INPUT -> Topics.STAGES;
            case ROUNDS ->
                Topics.STAGES.stream()
                        .filter(stage -> !stage.equals("ingest") && (describes || !stage.equals("attribute-tagger")))
                        .toList();
            case VERDICTS -> List.of("trainer", "consistency-filter");
        };
    }

    /** Topics that are read as they were recorded. Ways in are among them, since nobody writes them in a replay. */
    List<Topic<?>> recorded(boolean describes) {
        List<Topic<?>> all = new ArrayList<>();
        switch (this) {
            case INPUT -> {
                all.addAll(Topics.WAYS_IN);
                all.add(Topics.FLIP_AUDITS);
            }
            case ROUNDS -> {
                all.addAll(OF_INGEST_AND_TAGGER);
                all.add(Topics.BENCHMARKS_IN);
                all.add(Topics.ANNOTATIONS_IN);
                all.add(Topics.FLIP_AUDITS);
                if (describes) { // the tagger writes them again
                    all.remove(Topics.PAIR_ATTRIBUTES);
                    all.remove(Topics.deadLetters("attribute-tagger"));
                }
            }
            case VERDICTS -> {
                all.addAll(OF_INGEST_AND_TAGGER);
                all.add(Topics.BENCHMARKS_IN);
                all.addAll(OF_ROUNDS);
            }
        }
        return all;
    }

    /** Its name in a plan. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
