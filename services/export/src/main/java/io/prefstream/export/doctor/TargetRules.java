package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.note;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.core.pair.Message;
import io.prefstream.export.view.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with a row of a fitting layout for one trainer. */
final class TargetRules {

    private static final Set<String> ASKING = Set.of("user", "tool");

    private TargetRules() {}

    /** Checks a row that the trainer's reader takes. */
    static void check(Target target, Layout layout, Map<String, @Nullable Object> row, Sides sides, Notes notes) {
        switch (target) {
            case TRL -> {
                if (row.containsKey("chat_template_kwargs") && row.get("chat_template_kwargs") == null) {
                    notes.add(
                            error(
                                    "template-kwargs-null",
                                    "RewardTrainer unpacks chat_template_kwargs: TypeError on null",
                                    "write {}, or drop the column"),
                            "chat_template_kwargs");
                }
                single(layout, row.containsKey("completion"), "prompt, completion and label", notes);
            }
            case OPENRLHF ->
                single(
                        layout,
                        row.containsKey("prompt") && row.containsKey("response"),
                        "prompt, response and label",
                        notes);
            case LLAMAFACTORY -> {
                single(layout, Layout.turns(row) != null, "messages and label", notes);
                llamaFactory(layout, row, sides, notes);
            }
            case NEMO_RL -> nemoRl(layout, row, notes);
            case REWARDBENCH -> rewardBench(layout, row, sides, notes);
            case VERL -> {
                if (layout == Layout.RL_PROMPT && !(row.get("data_source") instanceof String)) {
                    notes.add(
                            error(
                                    "no-data-source",
                                    "the reward manager reads data_source of every row: KeyError",
                                    "add a column data_source"),
                            "data_source");
                }
            }
            case AXOLOTL, RLHFLOW, CANONICAL -> {}
        }
    }

    private static void single(Layout layout, boolean fits, String columns, Notes notes) {
        if (layout == Layout.SINGLE && !fits) {
            notes.add(
                    error(
                            "columns-of-another-trainer",
                            "its KTO finds no columns of one answer: KeyError",
                            "name the columns " + columns),
                    "");
        }
    }

    /** What a column margin does; a text counts as a number where the file is a table of texts. */
    static void margin(Target target, Map<String, @Nullable Object> row, boolean table, Notes notes) {
        if (!row.containsKey("margin") || (target != Target.TRL && target != Target.OPENRLHF)) {
            return;
        }
        Object value = row.get("margin");
        Double margin = value instanceof String && !table ? null : PairRules.number(value);
        if (value == null) {
            if (target == Target.TRL) {
                notes.add(
                        error(
                                "margin-null",
                                "the collator makes a tensor of all margins of a batch: TypeError on None",
                                "fill margin with 0, or drop the column"),
                        "margin");
            }
        } else if (margin == null) {
            notes.add(
                    error("margin-not-number", "a margin that is no number fails in the loss", "write a number"),
                    "margin");
        } else if (!Double.isFinite(margin)) {
            notes.add(
                    error(
                            "margin-not-finite",
                            "the loss becomes NaN, and every weight after it",
                            "write a finite number"),
                    "margin");
        } else if (margin < 0) {
            notes.add(
                    warning(
                            "margin-negative",
                            "a negative margin lets the rejected answer lead by as much before it costs anything",
                            "turn the pair round, or write 0"),
                    "margin");
        } else {
            notes.add(
                    target == Target.TRL
                            ? note(
                                    "margin-used",
                                    "RewardTrainer always subtracts a column margin inside the loss",
                                    "drop the column if that is not meant")
                            : note(
                                    "margin-needs-flag",
                                    "margin is read, and used only with --model.margin_loss_enable",
                                    "add the flag if that is meant"),
                    "margin");
        }
    }

    private static void llamaFactory(Layout layout, Map<String, @Nullable Object> row, Sides sides, Notes notes) {
        if (layout != Layout.MESSAGES_DICTS && layout != Layout.SINGLE) {
            return;
        }
        List<Message> turns = sides.prompt();
        if (!turns.isEmpty() && turns.getFirst().role().equals("system")) {
            turns = turns.subList(1, turns.size());
        }
        boolean fits = turns.size() % 2 == 1;
        for (int i = 0; i < turns.size(); i++) {
            String role = turns.get(i).role();
            fits &= i % 2 == 0 ? ASKING.contains(role) : role.equals("assistant");
        }
        if (!fits) {
            notes.add(
                    error(
                            "even-turns",
                            "an even number of turns before the answer, or roles out of turn: the row is skipped (\"Skipping this"
                                    + " abnormal example\")",
                            "begin and end the turns with the user, and let roles alternate"),
                    row.get("messages") == null ? "conversations" : "messages");
        }
        if (layout == Layout.MESSAGES_DICTS
                && !(sides.chosen().getFirst().role().equals("assistant")
                        && sides.rejected().getFirst().role().equals("assistant"))) {
            notes.add(
                    error(
                            "answer-role",
                            "an answer that is not the assistant's: \"Invalid role tag\", and it is used all the same",
                            "make its role assistant"),
                    "");
        }
    }

    private static void nemoRl(Layout layout, Map<String, @Nullable Object> row, Notes notes) {
        if (layout != Layout.RANKED || !(row.get("completions") instanceof List<?> completions)) {
            return;
        }
        if (row.containsKey("task_name")) {
            notes.add(
                    error(
                            "task-name",
                            "PreferenceDataset adds a column task_name itself, and fails where there is one",
                            "drop the column task_name"),
                    "task_name");
        }
        if (completions.size() != 2) {
            notes.add(
                    error(
                            "not-two-completions",
                            "the preprocessor asserts exactly two completions a row: AssertionError",
                            "write a row for each pair of answers"),
                    "completions");
        } else if (completions.get(0) instanceof Map<?, ?> first
                && completions.get(1) instanceof Map<?, ?> second
                && first.get("rank") instanceof Number a
                && second.get("rank") instanceof Number b
                && a.doubleValue() == b.doubleValue()) {
            notes.add(
                    error(
                            "equal-ranks",
                            "equal ranks raise NotImplementedError: ties are not supported",
                            "leave ties out; the lower rank is the better answer"),
                    "completions");
        }
    }

    private static void rewardBench(Layout layout, Map<String, @Nullable Object> row, Sides sides, Notes notes) {
        if (layout == Layout.K_WAY) {
            several(row, notes);
            return;
        }
        if (layout == Layout.TEXT_PROMPT_STRINGS || layout == Layout.SINGLE_TURN) {
            return;
        }
        List<Message> turns = sides.prompt();
        String field = layout == Layout.LIST_PROMPT_STRINGS ? "prompt" : "chosen";
        boolean renamed = false;
        for (int i = 0; i < turns.size(); i++) {
            renamed |= !turns.get(i).role().equals(i % 2 == 0 ? "user" : "assistant");
        }
        if (turns.size() % 2 == 0) {
            notes.add(
                    error(
                            "even-turns",
                            "roles are not read, turns are given to user and assistant in turn: a system turn, or any even number of"
                                    + " turns, raises AssertionError",
                            "join the system turn to the first user turn, or leave it out"),
                    field);
        } else if (renamed) {
            notes.add(
                    error(
                            "roles-renamed",
                            "roles are not read, turns are given to user and assistant in turn: these get other roles silently",
                            "let roles alternate from user to user"),
                    field);
        }
    }

    private static void several(Map<String, @Nullable Object> row, Notes notes) {
        for (String column : List.of("id", "subset", "num_correct", "total_completions")) {
            if (row.get(column) == null) {
                notes.add(
                        error(
                                "column-missing",
                                "run_v2.py reads id, subset, num_correct and total_completions: KeyError",
                                "add the column"),
                        column);
            }
        }
        if (row.get("chosen") instanceof List<?> good && row.get("rejected") instanceof List<?> bad) {
            boolean fits = (!(row.get("num_correct") instanceof Number right) || right.intValue() == good.size())
                    && (!(row.get("total_completions") instanceof Number all)
                            || all.intValue() == good.size() + bad.size());
            if (!fits) {
                notes.add(
                        error(
                                "counts-differ",
                                "num_correct or total_completions are not the answers that are there: scores are counted for the"
                                        + " wrong rows from here on",
                                "write how many texts chosen has, and chosen and rejected together"),
                        "num_correct");
            }
        }
    }
}
