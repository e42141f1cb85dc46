package io.prefstream.export.view;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A trainer or a shape that many read. */
public enum Target {
    /** TRL's RewardTrainer, DPOTrainer and KTOTrainer. */
    TRL(Set.of(View.PAIRS, View.KTO)),
    /** OpenRLHF's train_rm, train_dpo and train_kto. */
    OPENRLHF(Set.of(View.PAIRS, View.KTO)),
    /** LLaMA-Factory's stages rm, dpo and kto. */
    LLAMAFACTORY(Set.of(View.PAIRS, View.KTO)),
    /** Axolotl's reward model of one turn. */
    AXOLOTL(Set.of(View.PAIRS)),
    /** NeMo-RL's PreferenceDataset. */
    NEMO_RL(Set.of(View.PAIRS)),
    /** verl: prompts for training against a reward model, and pairs as plain strings. */
    VERL(Set.of(View.PAIRS)),
    /** RewardBench, its first version for pairs and its second for several answers. */
    REWARDBENCH(Set.of(View.PAIRS, View.K_WAY)),
    /** RLHFlow: whole conversations. */
    RLHFLOW(Set.of(View.PAIRS)),
    /** Everything that is known of a published pair, in Parquet. */
    CANONICAL(Set.of(View.PAIRS, View.K_WAY));

    /** How pairs are told. */
    public enum View {
        /** Two answers a row, the better one named. */
        PAIRS,
        /** One answer a row, wanted or not. */
        KTO,
        /** All answers to a prompt a row, in order. */
        K_WAY;

        /** Its name on the command line. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The view of a name. */
        public static Optional<View> named(String word) {
            return Arrays.stream(values())
                    .filter(view -> view.word().equals(word))
                    .findFirst();
        }
    }

    private final boolean kto;
    private final boolean kWay;

    Target(Set<View> views) {
        kto = views.contains(View.KTO);
        kWay = views.contains(View.K_WAY);
    }

    /** Its name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The target of a name. */
    public static Optional<Target> named(String word) {
        return Arrays.stream(values())
                .filter(target -> target.word().equals(word))
                .findFirst();
    }

    /** All names. */
    public static String words() {
        return Arrays.stream(values()).map(Target::word).collect(Collectors.joining(", "));
    }

    /** Whether it takes a view. */
    public boolean takes(View view) {
        return view == View.PAIRS || (view == View.KTO && kto) || (view == View.K_WAY && kWay);
    }

    /** Whether its files are Parquet; else JSON lines. */
    public boolean isParquet() {
        return this == VERL || this == CANONICAL;
    }

    /** What it does with a row of which a side is longer than the limit. */
    public String onOverLength() {
        return switch (this) {
            case TRL ->
                "TRL's RewardTrainer drops a row of which a side is longer than max_length (1024 by default), uncounted";
            case OPENRLHF ->
                "OpenRLHF cuts both sides at max_len (512 by default); sides that are equal then teach nothing";
            case LLAMAFACTORY -> "LLaMA-Factory cuts prompt and answer to cutoff_len in proportion";
            case REWARDBENCH -> "RewardBench cuts at --max_length only with --force_truncation";
            default -> "what " + word() + " does with longer rows is its own setting";
        };
    }

    /** Shapes of the other trainers' rows that a conversation must have; see {@link Rows}. */
    static List<String> plainRoles() {
        return List.of("system", "user", "assistant");
    }
}
