package io.prefstream.trainer.domain;

import io.prefstream.core.features.FeatureSet;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.pair.AttributeLimits;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Strategy;
import io.prefstream.core.verdict.Bands;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of a run that training and deciding depend on.
 *
 * @param seed salts every hash
 * @param rounds most rounds, 1 or more
 * @param folds folds of cross-fitting, 3 or more
 * @param goldMin decided gold labels below which nothing is decided
 * @param keep p_right from which a pair is kept, 0..1
 * @param flip p_right up to which a pair is flipped, 0..1
 * @param bands where a model counts as undecided
 * @param flips how people audit flips
 * @param paper whether the paper's table decides alone
 * @param dawidSkene whether Dawid and Skene's model fuses votes, not the majority
 * @param judges whether LLMs judge
 * @param tagger whether a language model sets the attributes of gold and judged pairs
 * @param attributesUsd the most that showing a pair's new attributes adds to what judging it costs, in US
 *     dollars; 0 without
 * @param callsPerDescription calls that describing a pair takes: every generator once
 * @param callsPerPair calls that a pair takes: every model, both orders, every sample
 * @param canary labelled pairs about which every later run asks the judges again
 * @param maxCalls most calls of a run
 * @param budget most US dollars that the folder's runs may spend on calls
 * @param toLabel number of pairs offered to people
 * @param strategy how a round chooses the pairs to label
 * @param control share of a round's requests that is drawn by hash, to compare with, 0..1
 * @param shadowShare share of the pool that models trained outside score beside the one that decides, 0..1
 * @param quotas the most that strata may take of a round's requests
 * @param judgeModels LLMs that judge, by name; empty without
 * @param money what may be spent on what
 * @param dropsNearDuplicates whether pairs that are much like an earlier one are left out
 * @param features what heads and neighbours read of an answer
 * @param choosesPenalties whether penalties of gold and silver heads are chosen on gold, or stand
 * @param selection how it selects among the pairs that models would publish; empty when all of them go out
 */
public record RunSettings(
        long seed,
        int rounds,
        int folds,
        int goldMin,
        double keep,
        double flip,
        Bands bands,
        FlipSettings flips,
        boolean paper,
        boolean dawidSkene,
        boolean judges,
        boolean tagger,
        double attributesUsd,
        int callsPerDescription,
        int callsPerPair,
        int canary,
        int maxCalls,
        double budget,
        int toLabel,
        Strategy strategy,
        double control,
        double shadowShare,
        Quotas quotas,
        List<String> judgeModels,
        MoneySettings money,
        boolean dropsNearDuplicates,
        FeatureSet features,
        boolean choosesPenalties,
        Optional<SelectionSettings> selection) {

    /** Parses the settings of a run request; what is missing takes its default. */
    public static RunSettings of(Map<String, String> map) {
        List<Judge> judges = Judge.all(map);
        int generators = Judge.taggers(map).size();
        boolean describes = !judges.isEmpty() && generators > 0;
        return new RunSettings(
                Long.parseLong(map.getOrDefault("seed", "0")),
                Integer.parseInt(map.getOrDefault("rounds", "8")),
                Integer.parseInt(map.getOrDefault("folds", "5")),
                Integer.parseInt(map.getOrDefault("gold.min", "30")),
                Double.parseDouble(map.getOrDefault("keep", "0.85")),
                Double.parseDouble(map.getOrDefault("flip", "0.10")),
                new Bands(
                        Double.parseDouble(map.getOrDefault("epsilon", "0")),
                        Double.parseDouble(map.getOrDefault("epsilon.gold", "0"))),
                FlipSettings.of(map),
                map.getOrDefault("decision", "calibrated").equals("paper"),
                map.getOrDefault("fusion", "majority").equals("dawid-skene"),
                !judges.isEmpty(),
                describes,
                describes ? attributesUsd(judges) : 0,
                generators,
                judges.stream().mapToInt(Judge::callsPerPair).sum(),
                Integer.parseInt(map.getOrDefault("judge.canary", "0")),
                Integer.parseInt(map.getOrDefault("judges.max-calls", "20000")),
                map.containsKey("budget.usd") ? Double.parseDouble(map.get("budget.usd")) : Double.POSITIVE_INFINITY,
                Integer.parseInt(map.getOrDefault("to-label", "200")),
                Strategy.named(map.getOrDefault("retrieval.strategy", "similarity")),
                Double.parseDouble(map.getOrDefault("retrieval.control", "0.05")),
                Double.parseDouble(map.getOrDefault("shadow.share", "0")),
                Quotas.parse(map.getOrDefault("retrieval.quotas", "")),
                judges.stream().map(Judge::name).toList(),
                MoneySettings.of(map),
                map.getOrDefault("near-duplicates", "flag").equals("drop"),
                FeatureSet.parse(map.getOrDefault("features", FeatureSet.ALL.words())),
                map.getOrDefault("penalty", "fixed").equals("gold"),
                SelectionSettings.of(map));
    }

    private static double attributesUsd(List<Judge> judges) {
        return judges.stream()
                .mapToDouble(judge -> judge.callsPerPair() * AttributeLimits.BYTES * judge.inputPrice() / 1e6)
                .sum();
    }
}
