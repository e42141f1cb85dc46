package io.prefstream.export.doctor;

import static io.prefstream.export.doctor.Effect.error;
import static io.prefstream.export.doctor.Effect.note;
import static io.prefstream.export.doctor.Effect.warning;

import io.prefstream.export.view.Target;
import java.util.Optional;

/**
 * What each trainer does with each layout, as read in its source and run: TRL 1.13 and 1.16, OpenRLHF 0.11, LLaMA-Factory 0.9.5,
 * Axolotl 0.18, NeMo-RL 0.7, RewardBench's loader, RLHFlow's script.
 */
final class Matrix {

    private static final String EXPORT = "write the rows again in its shape";
    private static final String WHOLE = "write whole conversations in chosen and rejected, without a prompt column";

    private Matrix() {}

    /** What is wrong with a layout for a trainer; empty when it reads it well. */
    static Optional<Effect> of(Target target, Layout layout) {
        if (layout == Layout.UNKNOWN) {
            return Optional.empty(); // told once, for every trainer
        }
        return switch (target) {
            case TRL -> trl(layout);
            case OPENRLHF -> openRlhf(layout);
            case LLAMAFACTORY -> llamaFactory(layout);
            case AXOLOTL -> axolotl(layout);
            case NEMO_RL -> nemoRl(layout);
            case VERL -> verl(layout);
            case REWARDBENCH -> rewardBench(layout);
            case RLHFLOW -> rlhFlow(layout);
            case CANONICAL -> canonical(layout);
        };
    }

    /** What to give a trainer so that it reads the layout; empty when its defaults do. */
    static String with(Target target, Layout layout) {
        return switch (target) {
            case TRL -> layout == Layout.SINGLE ? "KTOTrainer" : "";
            case OPENRLHF ->
                switch (layout) {
                    case EXPLICIT -> "--data.apply_chat_template --data.prompt_key prompt";
                    case MESSAGES_LISTS -> "--data.apply_chat_template --data.prompt_key messages";
                    case IMPLICIT, FULL_WITH_PROMPT, TEXT_PROMPT_FULL ->
                        "--data.apply_chat_template and no --data.prompt_key";
                    case TEXT_PROMPT_STRINGS -> "--data.prompt_key prompt and no --data.apply_chat_template";
                    case ALPACA -> "--data.prompt_key instruction and no --data.apply_chat_template";
                    case SINGLE_TURN -> "--data.prompt_key input and no --data.apply_chat_template";
                    case SINGLE -> "train_kto";
                    default -> "";
                };
            case LLAMAFACTORY ->
                switch (layout) {
                    case MESSAGES_DICTS -> "formatting sharegpt and ranking true in dataset_info.json";
                    case TEXT_PROMPT_STRINGS ->
                        "formatting alpaca, ranking true and the column prompt = prompt in dataset_info.json";
                    case SINGLE_TURN ->
                        "formatting alpaca, ranking true and the column prompt = input in dataset_info.json";
                    case ALPACA -> "formatting alpaca and ranking true in dataset_info.json";
                    case SINGLE -> "formatting sharegpt and the column kto_tag = label in dataset_info.json";
                    default -> "";
                };
            case AXOLOTL -> layout == Layout.SINGLE_TURN ? "type bradley_terry.chat_template" : "";
            case NEMO_RL ->
                switch (layout) {
                    case RANKED -> "dataset_name PreferenceDataset";
                    case TEXT_PROMPT_STRINGS, LIST_PROMPT_STRINGS -> "dataset_name BinaryPreferenceDataset";
                    case SINGLE_TURN -> "dataset_name BinaryPreferenceDataset and prompt_key input";
                    case ALPACA -> "dataset_name BinaryPreferenceDataset and prompt_key instruction";
                    default -> "";
                };
            case REWARDBENCH -> layout == Layout.K_WAY ? "run_v2.py" : "";
            case VERL, RLHFLOW, CANONICAL -> "";
        };
    }

    private static Optional<Effect> trl(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case EXPLICIT, IMPLICIT, TOKENISED, SINGLE -> null;
                    case FULL_WITH_PROMPT ->
                        error(
                                "prompt-twice",
                                "RewardTrainer joins prompt and answer, so every conversation has the prompt twice; nothing is"
                                        + " said",
                                "drop the column prompt, or keep only the answers in chosen and rejected");
                    case TEXT_PROMPT_FULL, TEXT_PROMPT_ANSWERS ->
                        error(
                                "prompt-text-before-lists",
                                "RewardTrainer joins a text and a list: TypeError, can only concatenate str (not \"list\") to"
                                        + " str",
                                layout == Layout.TEXT_PROMPT_FULL
                                        ? "drop the column prompt"
                                        : "make prompt a list of messages");
                    case LIST_PROMPT_STRINGS ->
                        error(
                                "prompt-list-before-texts",
                                "RewardTrainer joins a list and a text: TypeError, can only concatenate list (not \"str\") to"
                                        + " list",
                                "make chosen and rejected lists of messages");
                    case ANSWERS_ONLY, MESSAGES_LISTS ->
                        error(
                                "prompt-missing",
                                "RewardTrainer trains on the answers alone, since it reads no other column than prompt; nothing"
                                        + " is said",
                                "name the turns before the answers prompt");
                    case ALPACA, SINGLE_TURN ->
                        error(
                                "prompt-missing",
                                "RewardTrainer trains on the answers alone, since it reads no other column than prompt; nothing"
                                        + " is said",
                                "write prompt, chosen and rejected as lists of messages");
                    case TEXT_PROMPT_STRINGS, STRINGS ->
                        note(
                                "no-template",
                                "RewardTrainer joins prompt and answer as they are and appends the end token; no chat template"
                                        + " is laid on",
                                "write lists of messages for a chat model");
                    case MESSAGES_DICTS, K_WAY ->
                        error(
                                "answers-not-lists",
                                "RewardTrainer wants texts or lists of messages as answers and fails",
                                "write prompt, chosen and rejected as lists of messages");
                    default -> noSides("RewardTrainer");
                });
    }

    private static Optional<Effect> openRlhf(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case EXPLICIT, IMPLICIT, MESSAGES_LISTS, SINGLE -> null;
                    case FULL_WITH_PROMPT ->
                        warning(
                                "prompt-key-garbles",
                                "with --data.prompt_key the prompt is put before whole conversations and the answers are cut"
                                        + " out at the wrong place; without it the rows are read well",
                                "drop the column prompt, or give no --data.prompt_key");
                    case TEXT_PROMPT_FULL ->
                        warning(
                                "prompt-key-garbles",
                                "with --data.prompt_key the chat template is laid on a text and a list is joined to it; without"
                                        + " it the rows are read well",
                                "drop the column prompt, or give no --data.prompt_key");
                    case TEXT_PROMPT_ANSWERS, LIST_PROMPT_STRINGS, MESSAGES_DICTS ->
                        error(
                                "prompt-and-answers-differ-in-kind",
                                "with --data.prompt_key it joins a text, a list or a single message: TypeError; without it the"
                                        + " prompt is silently missing",
                                "make prompt, chosen and rejected lists of messages");
                    case ANSWERS_ONLY ->
                        error(
                                "prompt-missing",
                                "the answers are trained on without their prompt; nothing is said",
                                "add the turns before the answers as the column prompt");
                    case TEXT_PROMPT_STRINGS, STRINGS, ALPACA, SINGLE_TURN ->
                        warning(
                                "template-over-texts",
                                "with --data.apply_chat_template a text is taken for a list and its characters for messages:"
                                        + " silent garbage; without it texts are joined as they are",
                                "make prompt, chosen and rejected lists of messages");
                    case K_WAY ->
                        error(
                                "answers-not-lists",
                                "it reads one answer a side and takes the texts for messages",
                                EXPORT);
                    default -> noSides("train_rm");
                });
    }

    private static Optional<Effect> llamaFactory(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case MESSAGES_DICTS, ALPACA, TEXT_PROMPT_STRINGS, SINGLE_TURN, SINGLE -> null;
                    case EXPLICIT, FULL_WITH_PROMPT, MESSAGES_LISTS, LIST_PROMPT_STRINGS ->
                        error(
                                "answers-not-dicts",
                                "answers that are not single messages are silently passed over: the last turn before them"
                                        + " becomes the answer, with the user's words, and the prompt is what is left",
                                "make chosen and rejected one message each: {\"role\": \"assistant\", \"content\": ...}");
                    case IMPLICIT ->
                        error(
                                "needs-conversion",
                                "whole conversations have no column of turns before the answers: KeyError, or every row is"
                                        + " skipped as an invalid count of messages",
                                "split them into messages and one message as chosen and as rejected");
                    case TEXT_PROMPT_FULL, TEXT_PROMPT_ANSWERS, K_WAY ->
                        error(
                                "needs-conversion",
                                "answers that are no texts beside a prompt that is one are no ranking to its alpaca format: rows"
                                        + " have no answers and are dropped",
                                "write texts in all three columns, or messages and one message as chosen and as rejected");
                    case STRINGS, ANSWERS_ONLY ->
                        error("prompt-missing", "it finds no column for the prompt: KeyError", EXPORT);
                    default -> noSides("the converter");
                });
    }

    private static Optional<Effect> axolotl(Layout layout) {
        return layout == Layout.SINGLE_TURN || layout == Layout.TOKENISED
                ? Optional.empty()
                : Optional.of(
                        layout == Layout.SINGLE
                                ? noSides("bradley_terry.chat_template")
                                : error(
                                        "not-single-turn",
                                        "bradley_terry.chat_template reads system, input, chosen and rejected as texts of a single"
                                                + " turn: KeyError 'system' or 'input'",
                                        "write these four columns; only its DPO reads conversations (chat_template.argilla_chat)"));
    }

    private static Optional<Effect> nemoRl(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case RANKED, TEXT_PROMPT_STRINGS, LIST_PROMPT_STRINGS, SINGLE_TURN, ALPACA -> null;
                    case EXPLICIT, FULL_WITH_PROMPT, TEXT_PROMPT_FULL, TEXT_PROMPT_ANSWERS, MESSAGES_DICTS, K_WAY ->
                        error(
                                "answers-not-texts",
                                "BinaryPreferenceDataset puts the whole list or message into one message's content: the template"
                                        + " garbles it or fails; PreferenceDataset finds no context",
                                "write context and completions with ranks, or answers as texts");
                    default ->
                        error(
                                "no-context",
                                "PreferenceDataset finds no context and BinaryPreferenceDataset no prompt: KeyError",
                                "write context and completions with ranks");
                });
    }

    private static Optional<Effect> verl(Layout layout) {
        return layout == Layout.TEXT_PROMPT_STRINGS || layout == Layout.RL_PROMPT
                ? Optional.empty()
                : Optional.of(error(
                        "not-verl",
                        "verl trains no reward model; its pairs are prompt, chosen and rejected as texts in Parquet, its prompts"
                                + " have data_source, prompt and reward_model",
                        EXPORT));
    }

    private static Optional<Effect> rewardBench(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case IMPLICIT,
                            FULL_WITH_PROMPT,
                            TEXT_PROMPT_FULL,
                            TEXT_PROMPT_STRINGS,
                            LIST_PROMPT_STRINGS,
                            K_WAY -> null;
                    case SINGLE_TURN ->
                        note("system-ignored", "input becomes the prompt; a column system is not read", WHOLE);
                    case EXPLICIT, TEXT_PROMPT_ANSWERS, ANSWERS_ONLY, MESSAGES_LISTS ->
                        error(
                                "prompt-lost",
                                "the prompt is taken from chosen, where it is not: the user's turn is rendered as [], in every"
                                        + " row, and nothing is said",
                                WHOLE);
                    case ALPACA ->
                        error(
                                "instruction-lost",
                                "the column input becomes the prompt and the instruction is lost; without input: KeyError",
                                "name the instruction prompt");
                    case STRINGS, MESSAGES_DICTS ->
                        error("prompt-missing", "it finds no column prompt: KeyError", WHOLE);
                    default -> noSides("the loader");
                });
    }

    private static Optional<Effect> rlhFlow(Layout layout) {
        return Optional.ofNullable(
                switch (layout) {
                    case IMPLICIT, FULL_WITH_PROMPT, TEXT_PROMPT_FULL -> null;
                    case EXPLICIT, TEXT_PROMPT_ANSWERS, ANSWERS_ONLY, MESSAGES_LISTS ->
                        error(
                                "prompt-missing",
                                "only chosen and rejected are templated: the prompt is silently missing",
                                WHOLE);
                    case STRINGS,
                            TEXT_PROMPT_STRINGS,
                            LIST_PROMPT_STRINGS,
                            ALPACA,
                            SINGLE_TURN,
                            MESSAGES_DICTS,
                            K_WAY ->
                        error(
                                "template-over-texts",
                                "the chat template is laid on what is no list of messages: it fails, or gives silent garbage",
                                WHOLE);
                    default -> noSides("the script");
                });
    }

    private static Optional<Effect> canonical(Layout layout) {
        return layout == Layout.LIST_PROMPT_STRINGS
                ? Optional.empty()
                : Optional.of(
                        error("not-canonical", "the ledger's view is a list as prompt and texts as answers", EXPORT));
    }

    private static Effect noSides(String reader) {
        return error("no-sides", reader + " finds no columns chosen and rejected: KeyError", EXPORT);
    }
}
