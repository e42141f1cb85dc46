package io.prefstream.export.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.pair.Message;
import io.prefstream.export.client.Parquet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shapes a published pair for a target. A pair that has no place in its shape is left out and said to be, never changed. */
final class Rows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Rows() {}

    /** Why a pair has no place in a target's rows; empty when it has one. */
    static Optional<String> unfit(Target target, Published pair) {
        List<Message> history = pair.history();
        boolean plain = history.stream().allMatch(m -> Target.plainRoles().contains(m.role()));
        int first = !history.isEmpty() && history.getFirst().role().equals("system") ? 1 : 0;
        return switch (target) {
            case AXOLOTL ->
                !plain
                                || history.size() != first + 1
                                || !history.getLast().role().equals("user")
                        ? Optional.of("more than one turn: Axolotl's reward model reads a single one")
                        : Optional.empty();
            case LLAMAFACTORY ->
                !plain
                        ? Optional.of("a role other than system, user and assistant")
                        : (history.size() - first) % 2 == 0 || !alternates(history, first)
                                ? Optional.of(
                                        "turns that do not alternate from user to user: LLaMA-Factory wants an odd number")
                                : Optional.empty();
            case REWARDBENCH -> // its loader gives turns their roles by position, user first
                history.size() % 2 == 0 || !alternates(history, 0)
                        ? Optional.of(
                                "a system message, or turns that do not alternate from user to user: RewardBench's loader"
                                        + " gives roles by position")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean alternates(List<Message> history, int first) {
        for (int i = first; i < history.size(); i++) {
            if (!history.get(i).role().equals((i - first) % 2 == 0 ? "user" : "assistant")) {
                return false;
            }
        }
        return true;
    }

    /** Columns of a target's Parquet files, with their types. */
    static Map<String, String> columns(Target target) {
        String messages = Parquet.MESSAGES;
        Map<String, String> columns = new LinkedHashMap<>();
        if (target == Target.VERL) {
            columns.put("prompt", "VARCHAR");
            columns.put("chosen", "VARCHAR");
            columns.put("rejected", "VARCHAR");
        } else {
            columns.put("prompt", messages);
            columns.put("chosen", "VARCHAR");
            columns.put("rejected", "VARCHAR");
            columns.put("margin", "DOUBLE");
            columns.put("label_source", "VARCHAR");
            columns.put("rule", "VARCHAR");
            columns.put("category", "VARCHAR");
            columns.put("source_pair_id", "VARCHAR");
            columns.put("source_id", "VARCHAR");
            columns.put("file", "VARCHAR");
            columns.put("prompt_id", "VARCHAR");
        }
        columns.put("pair_id", "VARCHAR");
        columns.put("split", "VARCHAR");
        columns.put("cut", "VARCHAR");
        return columns;
    }

    /** A row of two answers. */
    static ObjectNode pair(Target target, Published pair) {
        ObjectNode row = JSON.createObjectNode();
        switch (target) {
            case TRL, OPENRLHF -> {
                row.set("prompt", messages(pair.history()));
                row.set("chosen", answer(pair.chosen()));
                row.set("rejected", answer(pair.rejected()));
                if (target == Target.OPENRLHF) { // read only with its own flag; TRL would always take it for a goal
                    row.put("margin", rounded(pair.margin()));
                }
            }
            case LLAMAFACTORY -> {
                row.set("messages", messages(pair.history()));
                row.set("chosen", message("assistant", pair.chosen()));
                row.set("rejected", message("assistant", pair.rejected()));
            }
            case AXOLOTL -> {
                boolean system = pair.history().getFirst().role().equals("system");
                row.put("system", system ? pair.history().getFirst().content() : null);
                row.put("input", pair.history().getLast().content());
                row.put("chosen", pair.chosen());
                row.put("rejected", pair.rejected());
            }
            case NEMO_RL -> {
                row.set("context", messages(pair.history()));
                ArrayNode completions = row.putArray("completions");
                ObjectNode better = completions.addObject().put("rank", 0);
                better.set("completion", answer(pair.chosen()));
                ObjectNode worse = completions.addObject().put("rank", 1);
                worse.set("completion", answer(pair.rejected()));
            }
            case VERL -> {
                row.put("prompt", plain(pair.history()));
                row.put("chosen", pair.chosen());
                row.put("rejected", pair.rejected());
            }
            case REWARDBENCH, RLHFLOW -> {
                row.set("chosen", messages(pair.conversation(pair.chosen())));
                row.set("rejected", messages(pair.conversation(pair.rejected())));
                if (target == Target.REWARDBENCH) {
                    row.put("subset", pair.category().isEmpty() ? "all" : pair.category());
                    row.put("id", pair.pairId());
                }
            }
            case CANONICAL -> {
                row.set("prompt", messages(pair.history()));
                row.put("chosen", pair.chosen());
                row.put("rejected", pair.rejected());
                row.put("margin", rounded(pair.margin()));
                row.put("rule", pair.rule());
                row.put("category", pair.category());
                row.put("source_pair_id", pair.sourcePairId());
                row.put("source_id", pair.sourceId());
                row.put("file", pair.file());
                row.put("prompt_id", pair.group());
            }
        }
        row.put("pair_id", pair.pairId());
        row.put("label_source", pair.labelSource());
        row.put("split", pair.split());
        if (pair.cut() != Published.Cut.NONE || target.isParquet()) {
            row.put("cut", pair.cut().word());
        }
        return row;
    }

    /** A row of one answer. */
    static ObjectNode single(Target target, Published pair, boolean wanted) {
        String text = wanted ? pair.chosen() : pair.rejected();
        ObjectNode row = JSON.createObjectNode();
        switch (target) {
            case LLAMAFACTORY -> {
                row.set("messages", messages(pair.conversation(text)));
                row.put("label", wanted);
            }
            case OPENRLHF -> {
                row.set("prompt", messages(pair.history()));
                row.set("response", answer(text));
                row.put("label", wanted);
            }
            default -> {
                row.set("prompt", messages(pair.history()));
                row.set("completion", answer(text));
                row.put("label", wanted);
            }
        }
        return row.put("pair_id", pair.pairId()).put("split", pair.split());
    }

    /** A row of all answers to a prompt, the best first. */
    static ObjectNode kWay(Target target, KWay.Ranking ranking) {
        ObjectNode row = JSON.createObjectNode();
        if (target == Target.REWARDBENCH) {
            row.put("id", ranking.group());
            row.put("prompt", plain(ranking.history()));
            row.putArray("chosen").add(ranking.answers().getFirst().text());
            ArrayNode rejected = row.putArray("rejected");
            ranking.answers().stream().skip(1).forEach(answer -> rejected.add(answer.text()));
            row.put("num_correct", 1);
            row.put("total_completions", ranking.answers().size());
            row.put("subset", ranking.category().isEmpty() ? "all" : ranking.category());
        } else {
            row.put("prompt_id", ranking.group());
            row.set("prompt", messages(ranking.history()));
            ArrayNode answers = row.putArray("answers");
            for (KWay.Answer answer : ranking.answers()) {
                answers.addObject()
                        .put("content", answer.text())
                        .put("rank", answer.rank())
                        .put("wins", answer.wins())
                        .put("losses", answer.losses());
            }
        }
        return row.put("split", ranking.split());
    }

    /** A prompt for training against a reward model, as verl reads it. */
    static ObjectNode prompt(Published pair, int index) {
        ObjectNode row = JSON.createObjectNode().put("data_source", "prefstream");
        row.set("prompt", messages(pair.history()));
        row.put("ability", pair.category().isEmpty() ? "preference" : pair.category());
        row.putObject("reward_model").put("style", "model").put("ground_truth", "");
        row.putObject("extra_info").put("split", pair.split()).put("index", index);
        return row;
    }

    private static String plain(List<Message> history) {
        if (history.size() == 1) {
            return history.getFirst().content();
        }
        StringBuilder text = new StringBuilder();
        history.forEach(m -> text.append(text.isEmpty() ? "" : "\n\n")
                .append(m.role())
                .append(": ")
                .append(m.content()));
        return text.toString();
    }

    private static ArrayNode messages(List<Message> messages) {
        ArrayNode array = JSON.createArrayNode();
        messages.forEach(m -> array.add(message(m.role(), m.content())));
        return array;
    }

    private static ArrayNode answer(String text) {
        return JSON.createArrayNode().add(message("assistant", text));
    }

    private static ObjectNode message(String role, String content) {
        return JSON.createObjectNode().put("role", role).put("content", content);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
