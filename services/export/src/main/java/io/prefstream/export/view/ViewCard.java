package io.prefstream.export.view;

import io.prefstream.export.view.Target.View;
import io.prefstream.export.view.ViewFiles.Options;
import io.prefstream.export.view.ViewFiles.Origin;
import io.prefstream.export.view.ViewFiles.Written;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The dataset card of a view, and the command that trains on it. */
public final class ViewCard {

    private ViewCard() {}

    /** Command that trains, or measures, with a view in a folder. */
    public static String command(Target target, View view, Path out, int most) {
        String limit = most > 0 ? Integer.toString(most) : "8192";
        String kto = view == View.KTO ? "kto" : "";
        return switch (target) {
            case TRL ->
                view == View.KTO
                        ? "trl kto --model_name_or_path MODEL --dataset_name " + out + " --output_dir kto-model"
                        : "trl reward --model_name_or_path MODEL --dataset_name " + out + " --max_length " + limit
                                + " --output_dir reward-model";
            case OPENRLHF ->
                view == View.KTO
                        ? "deepspeed --module openrlhf.cli.train_kto --data.dataset " + out.resolve("train.jsonl")
                                + " --data.apply_chat_template --data.input_key prompt --data.output_key response"
                                + " --data.label_key label --data.max_len " + limit
                        : "deepspeed --module openrlhf.cli.train_rm --data.dataset " + out.resolve("train.jsonl")
                                + " --data.apply_chat_template --data.prompt_key prompt --data.chosen_key chosen"
                                + " --data.rejected_key rejected --data.max_len " + limit;
            case LLAMAFACTORY ->
                "llamafactory-cli train --stage " + (kto.isEmpty() ? "rm" : kto)
                        + " --do_train --model_name_or_path MODEL"
                        + " --template TEMPLATE --dataset_dir " + out
                        + " --dataset prefstream_train --eval_dataset prefstream_validation --cutoff_len " + limit
                        + " --output_dir reward-model";
            case AXOLOTL -> "cd " + out + " && axolotl train axolotl.yaml";
            case NEMO_RL ->
                "uv run python examples/run_rm.py ++data.train.dataset_name=PreferenceDataset ++data.train.data_path="
                        + out.resolve("train.jsonl") + " ++data.validation.dataset_name=PreferenceDataset"
                        + " ++data.validation.data_path=" + out.resolve("validation.jsonl");
            case VERL ->
                "python -m verl.trainer.main_ppo data.train_files=" + out.resolve("prompts-train.parquet")
                        + " data.val_files=" + out.resolve("prompts-validation.parquet")
                        + " reward_model.enable=True reward_model.model.path=REWARD_MODEL";
            case REWARDBENCH ->
                view == View.K_WAY
                        ? "python scripts/run_v2.py --model MODEL --dataset " + out.resolve("validation.jsonl")
                        : "rewardbench --model MODEL --dataset " + out.resolve("validation.jsonl")
                                + " --load_json --batch_size 8 --max_length 16384";
            case RLHFLOW ->
                "accelerate launch bradley-terry-rm/llama3_rm.py --train_set_path " + out + " --max_length " + limit;
            case CANONICAL -> "python -c \"import datasets; print(datasets.load_dataset('" + out + "'))\"";
        };
    }

    static String markdown(List<Published> pairs, Options options, Origin origin, Written written, Path out) {
        StringBuilder text = new StringBuilder("---\n");
        String ending = options.target().isParquet() ? "parquet" : "jsonl";
        text.append(
                "task_categories:\n- reinforcement-learning\n- text-generation\ntags:\n- preference\n- reward-model\n");
        if (options.licences().size() == 1) {
            text.append("license: other\nlicense_name: ")
                    .append(options.licences()
                            .values()
                            .iterator()
                            .next()
                            .toLowerCase(Locale.ROOT)
                            .replace(' ', '-'))
                    .append('\n');
        }
        if (!written.rows().isEmpty()) {
            text.append("configs:\n- config_name: default\n  data_files:\n");
            written.rows()
                    .keySet()
                    .forEach(split -> text.append("  - split: ")
                            .append(split)
                            .append("\n    path: ")
                            .append(split)
                            .append('.')
                            .append(ending)
                            .append('\n'));
        }
        text.append("---\n# Curated preference pairs for ")
                .append(options.target().word())
                .append("\n\n");
        text.append("View ")
                .append(options.view().word())
                .append(" of the release ")
                .append(options.profile());
        text.append(", made by prefstream from run ").append(origin.run()).append(" (configuration ");
        text.append(origin.configurationSha256())
                .append("). A prompt, or a cluster of prompts nearly alike, is never in two splits.\n");
        text.append("\nTrain with\n\n    ")
                .append(command(options.target(), options.view(), Path.of("."), options.most()));
        text.append("\n\n");
        table(text, "split | rows", written.rows());
        table(text, "left out because | pairs", written.leftOut());
        table(text, "at " + options.most() + " tokens | pairs", written.cut());
        written.notes().forEach(note -> text.append("- ").append(note).append(".\n"));
        text.append(written.notes().isEmpty() ? "" : "\n");
        table(text, "label by | pairs", count(pairs, Published::labelSource));
        table(text, "category | pairs", count(pairs, p -> p.category().isEmpty() ? "unknown" : p.category()));
        text.append("## Sources and licences\n\n| file | pairs | licence |\n|---|---|---|\n");
        count(pairs, Published::file)
                .forEach((file, n) -> text.append("| ")
                        .append(file)
                        .append(" | ")
                        .append(n)
                        .append(" | ")
                        .append(licence(options, file))
                        .append(" |\n"));
        text.append("\n## Models that decided\n\n");
        if (origin.checkpoints().isEmpty()) {
            text.append("None: people alone decided.\n");
        }
        origin.checkpoints()
                .forEach((role, id) ->
                        text.append("- ").append(role).append(": ").append(id).append('\n'));
        return text.toString();
    }

    /** Licence of what came in a file. */
    static String licence(Options options, String file) {
        return options.licences()
                .getOrDefault(file, options.licences().getOrDefault("*", "UNKNOWN: ask its owner before you share it"));
    }

    private static Map<String, Long> count(List<Published> pairs, Function<Published, String> by) {
        return pairs.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    private static void table(StringBuilder text, String head, Map<String, Long> counts) {
        if (!counts.isEmpty()) {
            text.append("| ").append(head).append(" |\n|---|---|\n");
            counts.forEach((name, n) ->
                    text.append("| ").append(name).append(" | ").append(n).append(" |\n"));
            text.append('\n');
        }
    }
}
