package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.note;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Wilson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong between rows. Holds hashes of rows, never rows. */
final class Across {

    private static final Set<String> HELD_OUT =
            Set.of("validation", "valid", "val", "eval", "evaluation", "test", "dev", "holdout");
    private static final long LEAST_FOR_BIAS = 20;

    private final LongSet pairs = new LongSet();
    private final Map<String, LongSet> groups = new TreeMap<>();
    private long longerChosen;
    private long unequal;
    private long yes;
    private long no;

    /** The split that a name tells, such as {@code validation} of {@code validation-00000-of-00001.parquet}; else train. */
    static String split(String name) {
        for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
            if (HELD_OUT.contains(word)) {
                return word;
            }
        }
        return "train";
    }

    /** Looks at a pair, or at a prompt alone when the layout has no second side. */
    void look(Layout layout, Sides sides, String split, Notes notes) {
        List<Message> prompt = sides.prompt();
        leak(sides, split, notes);
        if (layout == Layout.SINGLE || layout == Layout.RL_PROMPT) {
            return;
        }
        String chosen = text(sides.chosen());
        String rejected = text(sides.rejected());
        if (chosen.equals(rejected)) {
            return;
        }
        if (pairs.contains(hash(PairIdentity.pairId(prompt, rejected, chosen)))) {
            notes.add(
                    error(
                            "contradiction",
                            "another row has the same two answers the other way round: what one teaches the other unlearns",
                            "leave both out, or decide: prefstream curate finds and judges them"),
                    "");
        }
        if (!pairs.add(hash(PairIdentity.pairId(prompt, chosen, rejected)))) {
            notes.add(warning("duplicate", "the same pair is there before: it weighs double", "leave it out"), "");
        }
        if (layout != Layout.K_WAY && chosen.length() != rejected.length()) {
            unequal++;
            longerChosen += chosen.length() > rejected.length() ? 1 : 0;
        }
    }

    private void leak(Sides sides, String split, Notes notes) {
        if (sides.prompt().isEmpty()) {
            return;
        }
        long group = hash(PairIdentity.promptGroup(sides.prompt()));
        boolean heldOut = HELD_OUT.contains(split);
        if (groups.computeIfAbsent(split, s -> new LongSet()).add(group)
                && groups.entrySet().stream()
                        .anyMatch(other -> HELD_OUT.contains(other.getKey()) != heldOut
                                && other.getValue().contains(group))) {
            notes.add(
                    error(
                            "split-leak",
                            "a prompt is both in a training and in a held-out split: what is measured there was learnt by heart",
                            "split by prompt, as prefstream export does; for one file, take out one side"),
                    "");
        }
    }

    /** Counts a label of a row with one answer. */
    void label(boolean wanted) {
        yes += wanted ? 1 : 0;
        no += wanted ? 0 : 1;
    }

    /** What can be said at the end. */
    void end(Findings findings, String of) {
        if (unequal >= LEAST_FOR_BIAS) {
            findings.add(
                    note(
                            "length-bias",
                            String.format(
                                    Locale.ROOT,
                                    "the longer answer is chosen in %.1f %% of the pairs (95 %% interval %.1f to %.1f)",
                                    100.0 * longerChosen / unequal,
                                    100 * Wilson.lower(longerChosen, unequal, 0.95),
                                    100 * Wilson.upper(longerChosen, unequal, 0.95)),
                            "far from 50, look at a model that knows nothing but length before you believe an accuracy"),
                    new Place(of, 0, "", longerChosen + " of " + unequal));
        }
        if (yes + no > 0 && (yes == 0 || no == 0)) {
            findings.add(
                    error(
                            "labels-one-sided",
                            "every label is " + (no == 0) + ": KTO learns from both, and one side has no weight",
                            "add rows of the other label"),
                    new Place(of, 0, "label", ""));
        }
    }

    private static String text(List<Message> turns) {
        return turns.size() == 1
                ? turns.getFirst().content()
                : turns.stream().map(m -> m.role() + ": " + m.content()).collect(Collectors.joining("\n"));
    }

    private static long hash(String hex) {
        return Long.parseUnsignedLong(hex, 0, 16, 16);
    }
}
