package io.prefstream.consistencyfilter.processor;

import io.prefstream.consistencyfilter.domain.Decision;
import io.prefstream.consistencyfilter.domain.DecisionSettings;
import io.prefstream.consistencyfilter.domain.Evidence;
import io.prefstream.core.agreement.AnnotatorModel;
import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.RaterModels;
import io.prefstream.core.cleaning.CleaningRules;
import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Logistic;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.core.verdict.JudgeMajority;
import io.prefstream.core.verdict.Judges;
import io.prefstream.core.verdict.PairFacts;
import io.prefstream.core.verdict.Verdict.Kind;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.CuratedMessage;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Round;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.VerdictKind;
import io.prefstream.wire.VerdictProvenance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Decides every pair when a run says so, from the facts in its stores alone. The walk goes in slices, each in one
 * transaction with the place reached. A verdict is written only when it differs from the one in force.
 *
 * <p>At once, if it is made so, it also decides pairs that come between runs, and pairs of which a fact comes that weighs more
 * than scores: a label, a mirror, a death, a benchmark's text. It decides them with what the last run decided with.
 */
public final class FilterProcessor extends StageProcessor {

    /** Pairs with their texts, by pair id. */
    public static final Store<Pair> PAIRS = new Store<>("pairs", StoreSerdes.avro(Pair.class), false);

    /** Pairs whose answers no model can tell apart. */
    public static final Store<String> SAME = new Store<>("same-features", Serdes.String(), true);

    /** Task category, by pair id. */
    public static final Store<String> CATEGORIES = new Store<>("categories", Serdes.String(), true);

    /** The gold label, by pair id. */
    public static final Store<Label> GOLD = new Store<>("gold", StoreSerdes.avro(Label.class), true);

    /** The scores of the last request over the whole pool, by pair id. */
    public static final Store<PairScore> SCORES = new Store<>("scores", StoreSerdes.avro(PairScore.class), true);

    /** LLM judges' votes, by pair id and judge. */
    public static final Store<JudgeVote> VOTES = new Store<>("votes", StoreSerdes.avro(JudgeVote.class), true);

    /** What the newest selection made of a pair, by pair id. */
    public static final Store<PairSelection> SELECTIONS =
            new Store<>("selections", StoreSerdes.avro(PairSelection.class), true);

    /** Stage in which a pair died, by pair id. */
    public static final Store<String> DEAD = new Store<>("dead", Serdes.String(), true);

    /** The verdict in force, by pair id. */
    public static final Store<Verdict> VERDICTS = new Store<>("verdicts", StoreSerdes.avro(Verdict.class), true);

    /** The decision under way, and the last one. */
    public static final Store<Round> DECISION = new Store<>("decision", StoreSerdes.avro(Round.class), true);

    /** Last pair decided. */
    public static final Store<String> CURSOR = new Store<>("cursor", Serdes.String(), true);

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = Stream.concat(
                    Stream.of(
                            PAIRS, SAME, CATEGORIES, GOLD, SCORES, VOTES, SELECTIONS, DEAD, VERDICTS, DECISION, CURSOR),
                    CleaningLedger.STORES.stream())
            .toList();

    private static final String NOW = "now";
    private static final String LAST = "last";
    private static final int SLICE = 500;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final double HUMAN_P = 0.99;
    private static final double MOST_LOG_ODDS = 20;

    private final boolean atOnce;
    private KeyValueStore<String, Pair> pairs;
    private KeyValueStore<String, String> same;
    private KeyValueStore<String, String> categories;
    private KeyValueStore<String, Label> gold;
    private KeyValueStore<String, PairScore> scores;
    private KeyValueStore<String, JudgeVote> votes;
    private KeyValueStore<String, PairSelection> selections;
    private KeyValueStore<String, String> dead;
    private KeyValueStore<String, Verdict> verdicts;
    private KeyValueStore<String, Round> decision;
    private KeyValueStore<String, String> cursor;
    private CleaningLedger cleaning;

    /** A processor for one task; {@code atOnce} says whether it decides between runs. */
    @SuppressWarnings("NullAway.Init") // stores come with ready
    public FilterProcessor(StageEnvironment environment, boolean atOnce) {
        super(environment);
        this.atOnce = atOnce;
    }

    @Override
    protected void ready() {
        pairs = store(PAIRS);
        same = store(SAME);
        categories = store(CATEGORIES);
        gold = store(GOLD);
        scores = store(SCORES);
        votes = store(VOTES);
        selections = store(SELECTIONS);
        dead = store(DEAD);
        verdicts = store(VERDICTS);
        decision = store(DECISION);
        cursor = store(CURSOR);
        cleaning = new CleaningLedger(task());
        every(PAUSE, this::slice);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> {
                cleaning.pair(pair, pairs.get(pair.getPairId()));
                pairs.put(pair.getPairId(), pair);
                if (pair.getMirrorPairId() != null) {
                    decideAgain(pair.getPairId());
                }
            }
            case RejectedInput row -> cleaning.refused(row);
            case Contamination fact -> {
                cleaning.contaminated(fact);
                decideAgain(fact.getPairId());
            }
            case NearDuplicate fact -> {
                cleaning.alike(fact);
                decideAgain(fact.getPairId());
            }
            case PairFeatures features -> {
                if (features.getSameFeatures()) {
                    same.put(features.getPairId(), "yes");
                }
                categories.put(features.getPairId(), features.getTaskCategory());
                decideNow(features.getPairId(), "");
            }
            case Label label -> {
                if (label.getKind() == LabelKind.GOLD) {
                    gold.put(label.getPairId(), label);
                    decideAgain(label.getPairId());
                }
            }
            case PairScore score -> {
                if (score.getRequestId().contains("/final-")) {
                    scores.put(score.getPairId(), score);
                    decideNow(score.getPairId(), score.getRequestId());
                }
            }
            case JudgeVote vote -> {
                if (vote.getModel() != null && vote.getError() == null) {
                    votes.put(vote.getPairId() + "/" + vote.getJudge(), vote);
                }
            }
            case PairSelection selection -> selections.put(selection.getPairId(), selection);
            case DeadLetter letter -> {
                // That no judge could vote is no fault of the pair: it stays open.
                if (letter.getPairId() != null && !letter.getKind().equals("judging")) {
                    dead.put(letter.getPairId(), letter.getStage());
                    decideAgain(letter.getPairId());
                }
            }
            case Round round -> {
                if (round.getPhase().equals("decide")) {
                    decision.put(NOW, round);
                    decision.put(LAST, round);
                    cursor.delete(NOW);
                    later();
                }
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    /** Decides a pair anew that has a verdict already; one without waits for its scores. */
    private void decideAgain(String pairId) {
        Round last = decision.get(LAST);
        if (atOnce && last != null && verdicts.get(pairId) != null) {
            decideAsBefore(pairId, last);
        }
    }

    /** Decides a pair whose scores are those that the last run decided with, or that needed none. */
    private void decideNow(String pairId, String request) {
        Round last = decision.get(LAST);
        if (atOnce
                && last != null
                && DecisionSettings.of(last.getSettings()).request().equals(request)) {
            decideAsBefore(pairId, last);
        }
    }

    private void decideAsBefore(String pairId, Round last) {
        Pair pair = pairs.get(pairId);
        if (pair != null) {
            decide(pair, last, DecisionSettings.of(last.getSettings()));
        }
    }

    private void slice() {
        Round round = decision.get(NOW);
        if (round == null) {
            return;
        }
        DecisionSettings settings = DecisionSettings.of(round.getSettings());
        String place = cursor.get(NOW);
        List<Pair> some = new ArrayList<>(SLICE);
        boolean more = false;
        try (KeyValueIterator<String, Pair> rest = pairs.range(place, null)) {
            while (rest.hasNext() && !more) {
                var next = rest.next();
                if (next.key.equals(place)) {
                    continue;
                }
                more = some.size() == SLICE;
                if (!more) {
                    some.add(next.value);
                }
            }
        }
        some.forEach(pair -> decide(pair, round, settings));
        if (more) {
            cursor.put(NOW, some.getLast().getPairId());
        } else {
            decision.delete(NOW);
            cursor.delete(NOW);
            done(Topics.ROUNDS.name(), 1);
        }
    }

    private void decide(Pair pair, Round round, DecisionSettings settings) {
        String id = pair.getPairId();
        HumanOutcome human = human(gold.get(id));
        Evidence evidence = new Evidence(
                human,
                pair.getMirrorPairId() != null,
                dead.get(id),
                same.get(id) != null,
                margin(id, settings.request(), settings.bestFor(id)),
                margin(id, settings.request(), settings.goldFor(id, human != HumanOutcome.NONE)),
                judges(id, settings.judges()),
                cleaning.contamination(id),
                cleaning.nearDuplicateOf(id),
                settings.selects() ? notSelected(id, round.getRun()) : null,
                Objects.requireNonNullElse(categories.get(id), ""));
        publish(pair, round, Decision.of(evidence, settings), settings);
    }

    /** Why selection holds a pair back; what an earlier run selected no longer counts. */
    private @Nullable String notSelected(String pairId, int run) {
        PairSelection selection = selections.get(pairId);
        if (selection == null || selection.getRun() < run) {
            return Evidence.WAITS;
        }
        return selection.getSelected() ? null : selection.getWhy();
    }

    private void publish(Pair pair, Round round, Decision decided, DecisionSettings settings) {
        PairFacts facts = decided.facts();
        io.prefstream.core.verdict.Verdict found = decided.verdict();
        String id = pair.getPairId();
        boolean refused = found.rule().equals("contradiction") || found.rule().equals(CleaningRules.CONTAMINATED);
        boolean human = found.rule().equals("human");
        VerdictKind kind = refused
                ? VerdictKind.REJECTED_INPUT
                : VerdictKind.valueOf(found.kind().name());
        boolean published = found.kind() == Kind.KEEP || found.kind() == Kind.FLIP;
        boolean flipped = found.kind() == Kind.FLIP;
        String source = !published
                ? null
                : human ? "human" : flipped ? "flip" : found.rule().contains("judges") ? "llm" : "rm";
        Double margin = published ? (Double) logOdds(facts.pRight(), human, flipped) : null;
        Verdict before = verdicts.get(id);
        Verdict verdict = Verdict.newBuilder()
                .setPairId(id)
                .setRevision(before == null ? 1 : before.getRevision() + 1)
                .setRun(round.getRun())
                .setVerdict(kind)
                .setRule(found.rule())
                .setReason(found.reason())
                .setPRight(facts.pRight())
                .setPBest(facts.pBest())
                .setPGold(facts.pGold())
                .setJudges(
                        facts.judges() == Judges.NOT_ASKED
                                ? null
                                : facts.judges().name().toLowerCase(Locale.ROOT))
                .setLabelSource(source)
                .setMargin(margin)
                .setMirrorPairId(pair.getMirrorPairId())
                .setBestCheckpoint(facts.pBest() == null ? null : settings.bestFor(id))
                .setGoldCheckpoint(
                        facts.pGold() == null ? null : settings.goldFor(id, facts.human() != HumanOutcome.NONE))
                .setProvenance(VerdictProvenance.newBuilder()
                        .setStage("consistency-filter")
                        .setStageVersion("1")
                        .setConfigHash(settings.configHash())
                        .setInputs(List.of(settings.request()))
                        .setRevision(null)
                        .setCostUsd(null)
                        .build())
                .build();
        if (before != null && alike(before, verdict)) {
            return;
        }
        verdicts.put(id, verdict);
        emit(Topics.VERDICTS, id, verdict);
        Topic<CuratedPair> to = topic(verdict);
        Topic<CuratedPair> from = before == null ? null : topic(before);
        if (from != null && !from.equals(to)) {
            retract(from, id);
        }
        if (to != null) {
            emit(
                    to,
                    id,
                    curated(
                            pair,
                            verdict,
                            flipped,
                            published ? String.valueOf(source) : "",
                            margin == null ? 0 : margin));
        }
    }

    /** Where a pair with this verdict lies; null where its text is published nowhere. */
    private static @Nullable Topic<CuratedPair> topic(Verdict verdict) {
        return switch (verdict.getVerdict()) {
            case KEEP -> Topics.CURATED_PAIRS;
            case FLIP -> "human".equals(verdict.getLabelSource()) ? Topics.CURATED_PAIRS : Topics.RECYCLED_PAIRS;
            case DISCARD -> Topics.DISCARDED_PAIRS;
            default -> null;
        };
    }

    private static boolean alike(Verdict a, Verdict b) {
        return a.getVerdict() == b.getVerdict()
                && a.getRule().equals(b.getRule())
                && Objects.equals(a.getPRight(), b.getPRight())
                && Objects.equals(a.getPBest(), b.getPBest())
                && Objects.equals(a.getPGold(), b.getPGold())
                && Objects.equals(a.getBestCheckpoint(), b.getBestCheckpoint())
                && Objects.equals(a.getGoldCheckpoint(), b.getGoldCheckpoint())
                && Objects.equals(a.getJudges(), b.getJudges())
                && Objects.equals(a.getMirrorPairId(), b.getMirrorPairId())
                && (!a.getRule().equals(Decision.NOT_SELECTED) || a.getReason().equals(b.getReason()));
    }

    private static CuratedPair curated(Pair pair, Verdict verdict, boolean flipped, String source, double margin) {
        List<Message> history = pair.getHistory().stream()
                .map(m -> new Message(m.getRole(), m.getContent()))
                .toList();
        String chosen = flipped ? pair.getRejected() : pair.getChosen();
        String rejected = flipped ? pair.getChosen() : pair.getRejected();
        return CuratedPair.newBuilder()
                .setPairId(flipped ? PairIdentity.pairId(history, chosen, rejected) : pair.getPairId())
                .setSourcePairId(pair.getPairId())
                .setSourceId(pair.getSourceId())
                .setPromptGroup(pair.getPromptGroup())
                .setHistory(pair.getHistory().stream()
                        .map(m -> new CuratedMessage(m.getRole(), m.getContent()))
                        .toList())
                .setChosen(chosen)
                .setRejected(rejected)
                .setVerdict(verdict.getVerdict())
                .setRule(verdict.getRule())
                .setLabelSource(source)
                .setMargin(margin)
                .setRevision(verdict.getRevision())
                .setRun(verdict.getRun())
                .setExtra(pair.getExtra())
                .build();
    }

    private static double logOdds(@Nullable Double pRight, boolean human, boolean flipped) {
        double p = human ? HUMAN_P : pRight == null ? 0.5 : flipped ? 1 - pRight : pRight;
        return Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, Logistic.logit(p)));
    }

    private static HumanOutcome human(@Nullable Label label) {
        if (label == null) {
            return HumanOutcome.NONE;
        }
        return switch (label.getOutcome()) {
            case CHOSEN -> HumanOutcome.CHOSEN;
            case REJECTED -> HumanOutcome.REJECTED;
            case UNDECIDED -> HumanOutcome.UNDECIDED;
            case UNKNOWN -> HumanOutcome.NONE;
        };
    }

    private Judges judges(String pairId, Optional<AnnotatorModel> model) {
        JudgeMajority majority = new JudgeMajority();
        List<Ballot> ballots = new ArrayList<>();
        try (KeyValueIterator<String, JudgeVote> all = votes.range(pairId + "/", pairId + "0")) {
            while (all.hasNext()) {
                JudgeVote vote = all.next().value;
                LabelOutcome outcome = vote.getOutcome();
                majority.add(
                        outcome == LabelOutcome.CHOSEN ? 1 : outcome == LabelOutcome.REJECTED ? -1 : 0,
                        vote.getOwnFamily());
                ballots.add(new Ballot(vote.getJudge(), choice(outcome).index()));
            }
        }
        if (model.isPresent() && !ballots.isEmpty()) {
            Choice decided = RaterModels.fuse(model.get(), ballots, AnnotatorModel.OVERALL)
                    .decided();
            int side = decided == Choice.CHOSEN ? 1 : decided == Choice.REJECTED ? -1 : 0;
            return !majority.mayDecide(side) ? Judges.NONE : side > 0 ? Judges.CHOSEN : Judges.REJECTED;
        }
        return majority.judges();
    }

    private static Choice choice(LabelOutcome outcome) {
        return outcome == LabelOutcome.CHOSEN
                ? Choice.CHOSEN
                : outcome == LabelOutcome.REJECTED ? Choice.REJECTED : Choice.TIE;
    }

    private @Nullable Double margin(String pairId, String request, String checkpoint) {
        PairScore score = scores.get(pairId);
        if (score == null || !score.getRequestId().equals(request)) {
            return null;
        }
        return score.getScores().stream()
                .filter(s -> s.getCheckpoint().equals(checkpoint))
                .map(CheckpointScore::getMargin)
                .findFirst()
                .orElse(null);
    }
}
