package io.prefstream.trainer.round;

import io.prefstream.core.features.FeatureGroup;
import io.prefstream.core.features.FeatureSet;
import io.prefstream.core.reward.RightnessCalibrator;
import io.prefstream.core.reward.Standardizer;
import io.prefstream.core.stats.Folds;
import io.prefstream.core.verdict.GoldState;
import io.prefstream.core.verdict.JudgeMajority;
import io.prefstream.trainer.client.Books;
import io.prefstream.trainer.client.Facts;
import io.prefstream.trainer.domain.RunSettings;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The facts as one run sees them: which pairs are gold, pool and silver, and what its models said of them. */
record RunFacts(Facts facts, RunSettings settings, String configHash, int run, Raters raters) {

    /** Settings told in the run's earlier steps, as a copy to add to. */
    Map<String, String> told() {
        return new TreeMap<>(facts.told(run));
    }

    /** Decided gold pairs that models can tell apart, by id. */
    List<Facts.Features> gold() {
        return decided(facts.gold());
    }

    /** Pairs with a decided silver label that nobody verified and no mirror contradicts, by id. */
    List<Facts.Features> silver() {
        return decided(facts.silver()).stream()
                .filter(f -> !f.mirrored() && !leftOut(f) && !facts.gold().containsKey(f.pairId()))
                .toList();
    }

    private List<Facts.Features> decided(Map<String, Label> labels) {
        return labels.values().stream()
                .filter(l -> l.getOutcome() == LabelOutcome.CHOSEN || l.getOutcome() == LabelOutcome.REJECTED)
                .map(label -> facts.features().get(label.getPairId()))
                .filter(f -> f != null && !f.sameFeatures() && !facts.contaminated(f.pairId()))
                .toList();
    }

    /** Whether cleaning takes a pair that nobody verified out of training and labelling. */
    boolean leftOut(Facts.Features pair) {
        return facts.contaminated(pair.pairId())
                || (settings.dropsNearDuplicates() && facts.nearDuplicate(pair.pairId()));
    }

    /** Pairs that nobody verified and no mirror contradicts: what the pool's own heads train on. */
    List<Facts.Features> pool() {
        return facts.features().values().stream()
                .filter(f -> !f.mirrored()
                        && !f.sameFeatures()
                        && !leftOut(f)
                        && !facts.gold().containsKey(f.pairId()))
                .toList();
    }

    /** Whether people call the original label of a gold pair right. */
    boolean isRight(Facts.Features pair) {
        return isRight(pair.pairId());
    }

    /** Whether people call the original label of a gold pair right. */
    boolean isRight(String pairId) {
        Label label = facts.gold().get(pairId);
        return label != null && label.getOutcome() == LabelOutcome.CHOSEN;
    }

    /** Whether people have decided a pair. */
    boolean isDecided(String pairId) {
        Label label = facts.gold().get(pairId);
        return label != null
                && (label.getOutcome() == LabelOutcome.CHOSEN || label.getOutcome() == LabelOutcome.REJECTED);
    }

    /** Names of the LLM judges. */
    List<String> judgeModels() {
        return settings.judgeModels();
    }

    /** What the labels of people cost that no fact says is paid, by what each is for. */
    List<UnpaidLabel> unpaidLabels() {
        List<UnpaidLabel> unpaid = new ArrayList<>();
        if (settings.money().humanPrice() > 0) {
            facts.gold().forEach((pairId, label) -> {
                for (int vote = 1; vote <= label.getVotes(); vote++) {
                    String callId = Books.HUMAN + pairId + "/" + vote;
                    if (!facts.books().paid(callId)) {
                        unpaid.add(new UnpaidLabel(pairId, callId));
                    }
                }
            });
        }
        return unpaid;
    }

    /** A person's label, and what its cost is known by. */
    record UnpaidLabel(String pairId, String callId) {}

    GoldState goldState() {
        List<Facts.Features> gold = gold();
        return GoldState.of(gold.size(), gold.stream().filter(this::isRight).count(), settings.goldMin());
    }

    int fold(String pairId) {
        return Folds.of(settings.seed(), pairId, settings.folds());
    }

    /** Scales of the columns that the run's models read, of all pairs. */
    Standardizer scales() {
        float[][] diffs =
                facts.features().values().stream().map(Facts.Features::diff).toArray(float[][]::new);
        Standardizer scales = Standardizer.of(diffs, FeatureGroup.ENCODER_COLUMNS);
        return settings.features().equals(FeatureSet.ALL) ? scales : scales.only(settings.features()::reads);
    }

    /** Name of what the run's models read; empty without any pair. */
    String featureSet() {
        return facts.features().isEmpty()
                ? ""
                : settings.features()
                        .name(facts.features().firstEntry().getValue().featureSet());
    }

    /** Name of a scoring request of this run. */
    String request(String purpose, int round) {
        return "run-" + run + "/" + purpose + "-" + round;
    }

    /** The request whose scores decide. */
    String finalRequest(Map<String, String> told) {
        return request("final", Integer.parseInt(told.getOrDefault("final/round", "0")));
    }

    /** Settings' name of a family of heads; a silver family is one of its round. */
    static String family(String family, int round) {
        return family.equals("silver") ? "family/silver@" + round : "family/" + family;
    }

    /** Round in which a family was trained, by its name. */
    static int roundOf(String family) {
        return Integer.parseInt(family.contains("@") ? family.substring(family.indexOf('@') + 1) : "1");
    }

    /** Checkpoints of a family, by the fold that they leave out; that of all folds first, if wanted. One from outside is all of its family. */
    List<String> members(Map<String, String> told, String family, boolean all) {
        Set<String> ids = new LinkedHashSet<>();
        for (int fold = all ? -1 : 0; fold < settings.folds(); fold++) {
            String id = told.get(family + "/" + fold);
            if (id != null) {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }

    /** Pairs that the member of a family trained on all folds has seen. */
    int trainedOn(Map<String, String> told, String family) {
        Checkpoint all = facts.checkpoint(told.getOrDefault(family + "/-1", ""));
        return all == null ? 0 : all.getTrainedOn();
    }

    /** Gold pairs that a family ranks right, each by the member that has not seen its fold. */
    int correct(List<Facts.Features> gold, int round, Map<String, String> told, String family) {
        double[] margins = margins(gold, round, told, family);
        int correct = 0;
        for (int i = 0; i < margins.length; i++) {
            correct += margins[i] != 0 && margins[i] > 0 == isRight(gold.get(i)) ? 1 : 0;
        }
        return correct;
    }

    /** Margins of gold pairs under a family of a round, each by the member that has not seen its fold; 0 without a score. */
    double[] margins(List<Facts.Features> gold, int round, Map<String, String> told, String family) {
        return gold.stream()
                .mapToDouble(pair -> {
                    String member = told.getOrDefault(family + "/" + fold(pair.pairId()), "");
                    Double margin = facts.margin(request("gold", round), pair.pairId(), member);
                    return margin == null ? 0 : margin;
                })
                .toArray();
    }

    /** What LLM judges say of a pair together: +1 the original label is right, -1 wrong, 0 no decision or not asked. */
    int judges(String pairId) {
        JudgeMajority majority = new JudgeMajority();
        for (JudgeVote vote : facts.llmVotes(pairId)) {
            majority.add(
                    vote.getOutcome() == LabelOutcome.CHOSEN ? 1 : vote.getOutcome() == LabelOutcome.REJECTED ? -1 : 0,
                    vote.getOwnFamily());
        }
        if (settings.dawidSkene()) {
            int side = raters.judges(facts.llmVotes(pairId));
            return majority.mayDecide(side) ? side : 0;
        }
        return majority.side();
    }

    /** The same of a gold pair in the first round, when only the models trained before any judge was asked have scored. */
    RightnessCalibrator.Input firstInput(Map<String, String> told, Facts.Features pair) {
        int fold = fold(pair.pairId());
        Double b = facts.margin(request("gold", 1), pair.pairId(), told.getOrDefault("family/pool/" + fold, ""));
        Double g = facts.margin(request("gold", 1), pair.pairId(), told.getOrDefault("family/gold/" + fold, ""));
        return new RightnessCalibrator.Input(b == null ? 0 : b, g == null ? 0 : g, 0);
    }

    /** What p_right is computed from, every margin by a model that has not seen the pair. */
    RightnessCalibrator.Input input(Map<String, String> told, Facts.Features pair) {
        Double b = bestMargin(told, pair);
        Double g = goldMargin(told, pair);
        return new RightnessCalibrator.Input(b == null ? 0 : b, g == null ? 0 : g, judges(pair.pairId()));
    }

    /** Margin of a pair in the final request by the member of the best family that has not seen it; null when not scored. */
    @Nullable
    Double bestMargin(Map<String, String> told, Facts.Features pair) {
        String best = told.getOrDefault("best", "family/pool") + "/" + fold(pair.pairId());
        return facts.margin(finalRequest(told), pair.pairId(), told.getOrDefault(best, ""));
    }

    /** The same by the gold family; a pair that is not gold none of its members has seen. */
    @Nullable
    Double goldMargin(Map<String, String> told, Facts.Features pair) {
        boolean isGold = facts.gold().containsKey(pair.pairId());
        String member = "family/gold/" + (isGold ? fold(pair.pairId()) : -1);
        return facts.margin(finalRequest(told), pair.pairId(), told.getOrDefault(member, ""));
    }
}
