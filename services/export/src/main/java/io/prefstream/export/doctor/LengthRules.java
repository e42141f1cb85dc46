package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.note;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.core.pair.Message;
import io.prefstream.export.view.Lengths;
import io.prefstream.export.view.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a limit of tokens does to a row. */
final class LengthRules {

    private static final int CHARACTERS_A_TOKEN = 4;
    private static final int TRL_DEFAULT = 1024;
    private static final int OPENRLHF_DEFAULT = 512;

    private static final Effect ALIKE = error(
            "identical-after-cut",
            "both sides are the same once cut at the limit: the loss stays ln 2 and the row teaches nothing",
            "raise the limit, or leave the row out");
    private static final Effect CUT =
            warning("cut", "a side is cut at the limit, its end unseen", "raise the limit, or leave the row out");
    private static final Effect DROPPED = warning(
            "dropped",
            "a side is longer than the limit: RewardTrainer drops the row and counts nothing",
            "raise max_length, or know what is lost");
    private static final Effect MASKED = warning(
            "masked",
            "a side is longer than the limit: the row is kept with a loss of 0",
            "raise max_total_sequence_length");
    private static final Effect UNCUT = note(
            "not-cut",
            "a side is longer than the limit, which is not applied without --force_truncation",
            "give --force_truncation if the model needs it");

    private LengthRules() {}

    /** Without a tokenizer: sides that are likely longer than a trainer's default. */
    static void likely(Set<Target> targets, Sides sides, TargetNotes notes) {
        int longest = Math.max(characters(sides.chosenConversation()), characters(sides.rejectedConversation()));
        if (targets.contains(Target.TRL) && longest > CHARACTERS_A_TOKEN * TRL_DEFAULT) {
            notes.add(
                    Target.TRL,
                    note(
                            "likely-dropped",
                            "a side has more than " + CHARACTERS_A_TOKEN * TRL_DEFAULT + " characters, about "
                                    + TRL_DEFAULT
                                    + " tokens: TRL's default max_length, above which rows are dropped uncounted",
                            "set max_length, and count with --max-len and --tokenizer"),
                    "");
        }
        if (targets.contains(Target.OPENRLHF) && longest > CHARACTERS_A_TOKEN * OPENRLHF_DEFAULT) {
            notes.add(
                    Target.OPENRLHF,
                    note(
                            "likely-cut",
                            "a side has more than " + CHARACTERS_A_TOKEN * OPENRLHF_DEFAULT + " characters, about "
                                    + OPENRLHF_DEFAULT
                                    + " tokens: OpenRLHF's default max_len, at which both sides are cut",
                            "set --data.max_len, and count with --max-len and --tokenizer"),
                    "");
        }
    }

    /** With one: what the limit does, by trainer. */
    static void exact(Set<Target> targets, Sides sides, Lengths lengths, int most, TargetNotes notes) {
        long[] chosen = lengths.tokens(sides.chosenConversation());
        long[] rejected = lengths.tokens(sides.rejectedConversation());
        if (chosen == null || rejected == null) {
            notes.add(
                    null,
                    error(
                            "template-refuses",
                            "the model's chat template refuses the row",
                            "look at its roles, or leave it out"),
                    "");
            return;
        }
        if (chosen.length <= most && rejected.length <= most) {
            return;
        }
        boolean alike = Arrays.equals(head(chosen, most), head(rejected, most));
        for (Target target : targets) {
            switch (target) {
                case TRL -> notes.add(target, DROPPED, "");
                case OPENRLHF, AXOLOTL, RLHFLOW -> notes.add(target, alike ? ALIKE : CUT, "");
                case LLAMAFACTORY -> {
                    boolean same = alikeInProportion(sides, chosen, rejected, lengths, most);
                    notes.add(target, same ? ALIKE : CUT, "");
                }
                case NEMO_RL -> notes.add(target, MASKED, "");
                case REWARDBENCH -> notes.add(target, UNCUT, "");
                case VERL, CANONICAL -> {}
            }
        }
    }

    /** Whether the answers are alike when prompt and answers are cut in proportion to their lengths, as infer_seqlen does. */
    private static boolean alikeInProportion(Sides sides, long[] chosen, long[] rejected, Lengths lengths, int most) {
        long[] prompt = lengths.tokens(sides.prompt());
        int source = prompt == null ? 0 : Math.min(prompt.length, Math.min(chosen.length, rejected.length));
        int target = Math.max(chosen.length, rejected.length) - source;
        int room = target * 2 < most
                ? most
                : source * 2 < most ? most - source : (int) ((double) most * target / (source + target));
        int kept = Math.min(room, target);
        return Arrays.equals(
                head(Arrays.copyOfRange(chosen, source, chosen.length), kept),
                head(Arrays.copyOfRange(rejected, source, rejected.length), kept));
    }

    private static long[] head(long[] tokens, int most) {
        return Arrays.copyOf(tokens, Math.min(most, tokens.length));
    }

    private static int characters(List<Message> conversation) {
        return conversation.stream().mapToInt(m -> m.content().length()).sum();
    }
}
