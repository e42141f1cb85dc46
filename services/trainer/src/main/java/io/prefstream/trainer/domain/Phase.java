package io.prefstream.trainer.domain;

import java.util.Locale;

/** Steps of a run. A step opens when everything before it has drained. */
public enum Phase {
    /** Everything that came in is being tagged and embedded, and labels are being matched. */
    COLLECT,
    /** A language model sets the attributes of the gold pairs, which judges are shown as examples. */
    TAG_GOLD,
    /** Candidate reward models are trained, and score the gold pairs. */
    TRAIN,
    /** The best model is chosen; its errors fetch pairs, which the built-in judges label and LLM judges quote. */
    EVALUATE,
    /** A language model sets the attributes of the fetched pairs that the budget allows. */
    TAG_FETCHED,
    /** LLM judges are asked about a sample of those that the budget allows, whose cost forecasts the run's. */
    PROBE,
    /** LLM judges are asked about the fetched pairs that the budget allows. */
    LABEL,
    /** Labels are fused anew by what the votes so far say of each annotator. */
    FUSE,
    /** The best and the gold model score the whole pool. */
    FINAL,
    /** LLM judges quote the pairs that the models leave open, and some gold pairs to be measured by. */
    JUDGE,
    /** A language model sets the attributes of those that the budget allows. */
    TAG_OPEN,
    /** They are asked about those that the budget allows. */
    ASK,
    /** A replay has read what a run had before it decided. */
    RECORDED,
    /** Of the pairs that models would publish, the selection preset has picked some. */
    SELECT,
    /** The filter decides. */
    DECIDE,
    /** Every pair has its verdict. */
    DONE;

    /** Name on the topic. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
