package io.prefstream.export.client;

import java.util.Map;

/** The dataset card. */
final class Card {

    private Card() {}

    static String markdown(Map<String, Long> counts) {
        return """
                ---
                task_categories:
                - reinforcement-learning
                - text-generation
                tags:
                - preference
                - reward-model
                configs:
                - config_name: curated
                  default: true
                  data_files:
                  - split: train
                    path: curated/train-*.parquet
                  - split: validation
                    path: curated/validation-*.parquet
                - config_name: recycled
                  data_files:
                  - split: train
                    path: recycled/train-*.parquet
                  - split: validation
                    path: recycled/validation-*.parquet
                ---
                # Curated preference pairs

                Made by prefstream %s from %d input rows: %d kept, %d flipped, %d in quarantine, %d discarded, %d refused.

                `chosen` and `rejected` are whole conversations; there is no `prompt` column. `margin` is the log-odds that
                the published order is right. `label_source` says who decided: human, llm, rm or flip. `curated` holds pairs
                whose original label stands, and those that people corrected; `recycled` holds pairs whose label the models
                reversed. A prompt is never in two splits.

                Not decontaminated against any benchmark. PII was not scanned.

                `verdicts.jsonl` has a line for every input row; `report.md` tells how the decisions were made.
                """.formatted(
                        Version.NUMBER,
                        counts.get("read"),
                        counts.get("keep"),
                        counts.get("flip"),
                        counts.get("quarantine"),
                        counts.get("discard"),
                        counts.get("rejected_input"));
    }
}
