package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.core.language.SpecialTokens;
import io.prefstream.core.pair.Message;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is wrong with a row for every trainer. */
final class PairRules {

    private PairRules() {}

    /** Columns that hold nothing; true when all that the layout needs are there. */
    static boolean filled(Layout layout, Map<String, @Nullable Object> row, Notes notes) {
        boolean filled = true;
        for (String column : layout.columns()) {
            Object value = row.get(column);
            if (value == null || List.of().equals(value)) {
                filled = false;
                notes.add(
                        error(
                                value == null ? "null-field" : "empty-list",
                                "a field that every row needs holds nothing: trainers fail on it (TypeError, IndexError), or take"
                                        + " it for the text None",
                                "leave the row out, or fill the field"),
                        column);
            }
        }
        return filled;
    }

    static void check(Layout layout, Map<String, @Nullable Object> row, Sides sides, Notes notes) {
        answers(layout, row, sides, notes);
        if (!sides.prompt().isEmpty() || layout == Layout.IMPLICIT) {
            turns(layout, sides, notes);
        }
        specialTokens(sides.prompt(), "prompt", notes);
        specialTokens(sides.chosen(), layout == Layout.SINGLE ? "" : "chosen", notes);
        specialTokens(sides.rejected(), "rejected", notes);
        ratings(row, notes);
    }

    private static void answers(Layout layout, Map<String, @Nullable Object> row, Sides sides, Notes notes) {
        if (layout == Layout.RL_PROMPT) {
            return;
        }
        String only = layout == Layout.SINGLE ? "" : "chosen";
        empty(sides.chosen(), only, notes);
        if (layout == Layout.SINGLE) {
            return;
        }
        empty(sides.rejected(), "rejected", notes);
        boolean shared = layout == Layout.K_WAY
                && row.get("chosen") instanceof List<?> good
                && row.get("rejected") instanceof List<?> bad
                && good.stream().anyMatch(bad::contains);
        if (shared || sides.chosen().equals(sides.rejected())) {
            notes.add(
                    error(
                            "equal-sides",
                            "both sides are the same: the loss stays ln 2 whatever the model says, and the row teaches nothing",
                            "leave the row out; ties and failed ratings make such rows"),
                    "");
        }
    }

    private static void empty(List<Message> answer, String field, Notes notes) {
        if (answer.stream().allMatch(m -> m.content().isBlank())) {
            notes.add(
                    warning(
                            "empty-answer",
                            "an answer without text: the model learns what silence is worth",
                            "leave the row out unless it is meant"),
                    field);
        }
    }

    private static void turns(Layout layout, Sides sides, Notes notes) {
        List<Message> prompt = sides.prompt();
        if (!prompt.isEmpty() && prompt.stream().allMatch(m -> m.content().isBlank())) {
            notes.add(
                    error("empty-prompt", "the prompt has no text", "leave the row out, or add the prompt"), "prompt");
            return;
        }
        if (prompt.stream().noneMatch(m -> m.role().equals("user"))) {
            boolean differ = prompt.stream().allMatch(m -> m.role().equals("system"))
                    && sides.chosen().stream().anyMatch(m -> m.role().equals("user"));
            notes.add(
                    differ
                            ? error(
                                    "prompts-differ",
                                    "the two sides answer different prompts, so the pair compares nothing",
                                    "give both sides the same turns before the answer")
                            : error(
                                    "no-user-turn",
                                    "there is no turn of a user before the answers: many templates raise",
                                    "add the user's turn"),
                    "prompt");
            return;
        }
        if (layout != Layout.RL_PROMPT) {
            if (last(sides.chosen(), "user") || last(sides.rejected(), "user")) {
                notes.add(
                        error(
                                "no-final-answer",
                                "a conversation ends with its user, so that the reward is that of a question",
                                "end both sides with the assistant's turn"),
                        "");
            }
            if (sides.chosen().stream().anyMatch(m -> m.role().equals("user"))
                    || sides.rejected().stream().anyMatch(m -> m.role().equals("user"))) {
                notes.add(
                        warning(
                                "sides-part-early",
                                "the sides part before the last question, so that other turns than the answer are judged",
                                "compare answers to the same turns"),
                        "");
            }
        }
        if (last(prompt, "assistant")) {
            notes.add(
                    warning(
                            "assistant-last",
                            "the prompt ends with the assistant, so that two of its turns follow each other: some templates"
                                    + " raise, others begin a new turn where the answer should go on",
                            "join the beginning of the answer to both answers"),
                    "prompt");
        }
        alternate(prompt, notes);
    }

    private static void alternate(List<Message> prompt, Notes notes) {
        int from = 0;
        while (from < prompt.size() && isSystem(prompt.get(from))) {
            from++;
        }
        List<Message> turns = prompt.subList(from, prompt.size());
        if (from > 1 || turns.stream().anyMatch(PairRules::isSystem)) {
            notes.add(
                    warning(
                            "system-not-first",
                            "a system message that is not the one at the start: many templates raise or leave it out",
                            "join system messages into one at the start"),
                    "prompt");
        }
        boolean tools = turns.stream().anyMatch(m -> m.role().equals("tool"));
        boolean alternates = true;
        for (int i = 0; i < turns.size(); i++) {
            alternates &= turns.get(i).role().equals(i % 2 == 0 ? "user" : "assistant");
        }
        if (!alternates && !tools) {
            notes.add(
                    warning(
                            "roles-not-alternating",
                            "turns do not go from user to assistant and back: templates of Mistral, Gemma and Llama 2 raise",
                            "join turns of the same role that follow each other"),
                    "prompt");
        }
    }

    private static boolean isSystem(Message message) {
        return message.role().equals("system") || message.role().equals("developer");
    }

    private static boolean last(List<Message> turns, String role) {
        return !turns.isEmpty() && turns.getLast().role().equals(role);
    }

    private static void specialTokens(List<Message> turns, String field, Notes notes) {
        if (turns.stream().anyMatch(m -> SpecialTokens.in(m.content()) > 0)) {
            notes.add(
                    warning(
                            "special-tokens",
                            "a text holds marks of a chat template, which its tokenizer may read as the end of a turn",
                            "take them out; they are often left by a template laid on before"),
                    field);
        }
    }

    /** distilabel's ratings: null for a failed judgement, equal for a tie. */
    private static void ratings(Map<String, @Nullable Object> row, Notes notes) {
        if (!row.containsKey("chosen_rating") || !row.containsKey("rejected_rating")) {
            return;
        }
        Double better = number(row.get("chosen_rating"));
        Double worse = number(row.get("rejected_rating"));
        if (better == null || worse == null || Double.isNaN(better) || Double.isNaN(worse)) {
            notes.add(
                    warning(
                            "rating-missing",
                            "a rating is missing or no number: the judgement failed, and the order is chance",
                            "leave the row out"),
                    "chosen_rating");
        } else if (better <= worse) {
            notes.add(
                    warning(
                            Objects.equals(better, worse) ? "rating-tie" : "rating-contradicts",
                            "the rating of chosen is not above that of rejected, so that the order says nothing or is wrong",
                            "leave ties out and turn wrong pairs round"),
                    "chosen_rating");
        }
    }

    /** A number, also one that a table holds as text; null when it is none. */
    static @Nullable Double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text) {
            try {
                return Double.valueOf(text.strip());
            } catch (NumberFormatException notOne) {
                return null;
            }
        }
        return null;
    }
}
