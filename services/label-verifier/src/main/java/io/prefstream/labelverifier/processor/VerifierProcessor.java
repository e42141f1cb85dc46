package io.prefstream.labelverifier.processor;

import io.prefstream.core.agreement.RaterModels.Fused;
import io.prefstream.core.judge.Judge;
import io.prefstream.core.reward.VoteFusion;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.verdict.HumanLabels;
import io.prefstream.core.verdict.HumanOutcome;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topics;
import io.prefstream.labelverifier.domain.BuiltInJudges;
import io.prefstream.labelverifier.domain.HumanVotes;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanVerdict;
import io.prefstream.wire.JudgeExample;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelProvenance;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.Round;
import io.prefstream.wire.RowId;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteProvenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes labels: gold of what people say, silver of what judges say, LLMs where an endpoint is configured and the built-in
 * statistical ones elsewhere.
 *
 * <p>A person's label names a pair by its id or by its row's own id, so labels and row ids meet by that id first, and the
 * label then goes to its pair. A label without a pair waits. An id that turns out to name two pairs takes its labels back.
 */
public final class VerifierProcessor extends StageProcessor {

    /** Pair of a row id, by row id; both pairs, with a blank between, when there are two. */
    public static final Store<String> ROWS = new Store<>("rows", Serdes.String(), true);

    /** Labels as given, by id, batch and ordinal. */
    public static final Store<HumanAnnotation> GIVEN =
            new Store<>("given", StoreSerdes.avro(HumanAnnotation.class), true);

    /** Labels of a pair, by pair id, batch and ordinal. */
    public static final Store<HumanAnnotation> OF_PAIR =
            new Store<>("of-pair", StoreSerdes.avro(HumanAnnotation.class), true);

    /** The label in force, by pair id and kind. */
    public static final Store<Label> LABELS = new Store<>("labels", StoreSerdes.avro(Label.class), true);

    /** Task category of a pair; empty before it is tagged. */
    public static final Store<String> CATEGORY = new Store<>("category", Serdes.String(), true);

    /** The judges' scores of a pair. */
    public static final Store<PairScore> SCORES = new Store<>("scores", StoreSerdes.avro(PairScore.class), true);

    /** The round whose judges vote. */
    public static final Store<Round> ROUND = new Store<>("round", StoreSerdes.avro(Round.class), true);

    private static final String STAGE = "label-verifier";
    private static final String CONFIG_HASH = Hashes.ofSettings(Map.of("fusion", VoteFusion.DEFAULT.toString()));
    /** What is asked of pairs that people have labelled too. */
    private static final Set<String> MEASURING =
            Set.of("uncertain", JudgePanel.ADMITTED, Canary.STRATEGY, PreVerifier.STRATEGY);

    private static final char LAST = '\uffff';

    private KeyValueStore<String, String> rows;
    private KeyValueStore<String, HumanAnnotation> given;
    private KeyValueStore<String, HumanAnnotation> ofPair;
    private KeyValueStore<String, Label> labels;
    private KeyValueStore<String, String> category;
    private KeyValueStore<String, PairScore> scores;
    private KeyValueStore<String, Round> round;
    private Fusion fusion;

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = Stream.concat(
                    Stream.<Store<?>>of(
                            ROWS, GIVEN, OF_PAIR, LABELS, CATEGORY, SCORES, ROUND, Fusion.LEARNT, Fusion.BALLOTS),
                    JudgePanel.STORES.stream())
            .toList();

    private final List<Judge> judges;
    private final boolean preVerifies;
    private @Nullable JudgePanel panel;

    /**
     * A processor for one task.
     *
     * @param judges LLM judges; none when the built-in judges vote
     * @param preVerifies whether the first of them checks single answers for people
     */
    @SuppressWarnings("NullAway.Init") // stores come with ready
    public VerifierProcessor(StageEnvironment environment, List<Judge> judges, boolean preVerifies) {
        super(environment);
        this.judges = List.copyOf(judges);
        this.preVerifies = preVerifies;
    }

    @Override
    protected void ready() {
        rows = store(ROWS);
        given = store(GIVEN);
        ofPair = store(OF_PAIR);
        labels = store(LABELS);
        category = store(CATEGORY);
        scores = store(SCORES);
        round = store(ROUND);
        fusion = new Fusion(store(Fusion.LEARNT), store(Fusion.BALLOTS));
        panel = judges.isEmpty() ? null : new JudgePanel(task(), new PanelResults(), judges, preVerifies);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Pair pair -> {
                pair(pair);
                panel(p -> p.pair(pair));
            }
            case RejectedInput row -> duplicate(row);
            case RowId row -> row(row.getSourceId(), row.getPairId());
            case PairAttributes tags -> {
                boolean known = category(tags.getPairId()).equals(tags.getTaskCategory());
                category.put(tags.getPairId(), tags.getTaskCategory());
                if (!known) {
                    castAgain(tags.getPairId());
                }
                panel(p -> p.attributes(tags));
            }
            case PairEmbedding embedding -> panel(p -> p.embedding(embedding));
            case JudgeExample example -> panel(p -> p.example(example));
            case LlmAnswer answer -> panel(p -> p.answer(answer));
            case HumanAnnotation annotation -> {
                if (topic.equals(Topics.ANNOTATIONS_IN.name())) {
                    given(annotation);
                } else {
                    gold(annotation);
                }
            }
            case FusionModel model -> learn(model);
            case PairScore score -> {
                if (score.getRequestId().contains("/votes-")) {
                    scores.put(score.getPairId(), score);
                }
            }
            case Round told -> {
                if (told.getPhase().equals("train")) {
                    round.put("train", told);
                }
            }
            case LabelRequest request -> {
                if (panel == null) {
                    silver(request);
                } else if (MEASURING.contains(request.getStrategy())
                        || labels.get(request.getPairId() + "/gold") == null) {
                    panel.request(request);
                }
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    private void panel(Consumer<JudgePanel> told) {
        if (panel != null) {
            told.accept(panel);
        }
    }

    /** What comes of the LLM judges' work. */
    private final class PanelResults implements JudgePanel.Results {
        @Override
        public @Nullable Label gold(String pairId) {
            return labels.get(pairId + "/gold");
        }

        @Override
        public void vote(JudgeVote vote) {
            String pairId = vote.getPairId();
            emit(Topics.JUDGE_VOTES, pairId, vote);
            emit(Topics.VOTES, pairId, fusion.keep(vote, category(pairId)));
        }

        @Override
        public void unjudged(String pairId, String why) {
            DeadLetter letter = DeadLetter.newBuilder()
                    .setStage(STAGE)
                    .setTopic(Topics.LABEL_REQUESTS.name())
                    .setPartition(partition())
                    .setOffset(-1L)
                    .setKind("judging")
                    .setError(why)
                    .setPairId(pairId)
                    .setValue(null)
                    .build();
            emit(Topics.deadLetters(STAGE), pairId, letter);
        }

        @Override
        public void silver(LabelRequest request, LabelOutcome outcome, int votes) {
            if (gold(request.getPairId()) == null) {
                VerifierProcessor.this.silver(request.getPairId(), outcome, request.getRound(), votes);
            }
        }
    }

    // Labels find their pairs

    private void pair(Pair pair) {
        if (category.get(pair.getPairId()) == null) {
            category.put(pair.getPairId(), "");
        }
        row(pair.getPairId(), pair.getPairId());
        emit(Topics.ROW_IDS, pair.getSourceId(), new RowId(pair.getSourceId(), pair.getPairId()));
    }

    /** A label that names a row left out as a duplicate is one of the pair that stands for it. */
    private void duplicate(RejectedInput row) {
        String sourceId = row.getSourceId();
        String pairId = row.getPairId();
        if (row.getRule().equals("duplicate") && sourceId != null && pairId != null) {
            emit(Topics.ROW_IDS, sourceId, new RowId(sourceId, pairId));
        }
    }

    private void row(String id, String pairId) {
        String before = rows.get(id);
        if (before == null) {
            rows.put(id, pairId);
            each(given, id, annotation -> send(annotation, pairId));
        } else if (!before.equals(pairId) && !before.contains(" ")) {
            rows.put(id, before + " " + pairId);
            each(given, id, annotation -> {
                takeBack(annotation, before);
                refuse(id, before + " " + pairId);
            });
        }
    }

    private void given(HumanAnnotation annotation) {
        given.put(key(annotation.getId(), annotation), annotation);
        String pairId = rows.get(annotation.getId());
        if (pairId == null) {
            return; // it waits for its pair
        }
        if (pairId.contains(" ")) {
            refuse(annotation.getId(), pairId);
        } else {
            send(annotation, pairId);
        }
    }

    private void refuse(String id, String pairs) {
        deadLetter(
                Topics.ANNOTATIONS_IN.name(),
                id,
                new IllegalStateException(
                        "the id names two pairs, " + pairs.replace(" ", " and ") + ": label by pair id instead"));
    }

    private void send(HumanAnnotation annotation, String pairId) {
        HumanAnnotation sent =
                HumanAnnotation.newBuilder(annotation).setPairId(pairId).build();
        emit(Topics.HUMAN_ANNOTATIONS, pairId, sent);
    }

    private void takeBack(HumanAnnotation annotation, String pairId) {
        HumanAnnotation nothing = HumanAnnotation.newBuilder(annotation)
                .setPairId(pairId)
                .setVerdict(HumanVerdict.UNKNOWN)
                .setEdit(null)
                .build();
        emit(Topics.HUMAN_ANNOTATIONS, pairId, nothing);
    }

    // Gold

    private void gold(HumanAnnotation annotation) {
        String pairId = String.valueOf(annotation.getPairId());
        ofPair.put(key(pairId, annotation), annotation);
        List<HumanAnnotation> all = new ArrayList<>();
        each(ofPair, pairId, all::add);
        Vote vote = HumanVotes.records(pairId, category(pairId), all).get(HumanVotes.voteId(annotation));
        if (vote != null) {
            emit(Topics.VOTES, pairId, vote);
        }
        gold(pairId, all);
        panel(judges -> judges.gold(pairId));
    }

    private void gold(String pairId, List<HumanAnnotation> annotations) {
        List<HumanLabels.Vote> votes = HumanVotes.of(annotations);
        if (votes.isEmpty() && labels.get(pairId + "/gold") == null) {
            return; // they only corrected its attributes
        }
        Fused fused = fusion.people(votes, category(pairId));
        HumanOutcome outcome = HumanLabels.outcome(votes);
        LabelOutcome found = fused != null && outcome != HumanOutcome.NONE
                ? outcome(fused)
                : switch (outcome) {
                    case CHOSEN -> LabelOutcome.CHOSEN;
                    case REJECTED -> LabelOutcome.REJECTED;
                    case UNDECIDED -> LabelOutcome.UNDECIDED;
                    case NONE -> LabelOutcome.UNKNOWN; // all taken back
                };
        double p = found == LabelOutcome.CHOSEN ? 1 : found == LabelOutcome.REJECTED ? 0 : 0.5;
        boolean audit = annotations.stream().anyMatch(a -> a.getVerdict() != HumanVerdict.UNKNOWN && a.getAudit());
        label(pairId, LabelKind.GOLD, found, p, List.of(), 0, votes.size(), audit, fused);
    }

    // Fusion

    /** Fuses every label anew with what a run has learnt. */
    private void learn(FusionModel model) {
        fusion.learn(model);
        List<Label> before = new ArrayList<>();
        try (KeyValueIterator<String, Label> all = labels.all()) {
            all.forEachRemaining(entry -> before.add(entry.value));
        }
        for (Label label : before) {
            String pairId = label.getPairId();
            if (label.getKind() == LabelKind.GOLD) {
                List<HumanAnnotation> annotations = new ArrayList<>();
                each(ofPair, pairId, annotations::add);
                gold(pairId, annotations);
                Label now = labels.get(pairId + "/gold");
                if (now != null && now.getOutcome() != label.getOutcome()) {
                    panel(judges -> judges.gold(pairId));
                }
            } else if (!fusion.votes(pairId).isEmpty()) {
                silver(pairId, label.getOutcome(), label.getRound(), label.getVotes());
            }
        }
    }

    /** Casts the votes on a pair again when its category has become known. */
    private void castAgain(String pairId) {
        List<HumanAnnotation> all = new ArrayList<>();
        each(ofPair, pairId, all::add);
        HumanVotes.records(pairId, category(pairId), all).values().forEach(vote -> emit(Topics.VOTES, pairId, vote));
        for (Vote vote : fusion.votes(pairId)) {
            emit(
                    Topics.VOTES,
                    pairId,
                    Vote.newBuilder(vote).setTaskCategory(category(pairId)).build());
        }
    }

    private String category(String pairId) {
        String known = category.get(pairId);
        return known == null ? "" : known;
    }

    private static LabelOutcome outcome(Fused fused) {
        return fused.decided() == null
                ? LabelOutcome.UNDECIDED
                : LabelOutcome.valueOf(fused.decided().name());
    }

    /** Language models' label of a pair; {@code majority} where fusion has no say. */
    private void silver(String pairId, LabelOutcome majority, int inRound, int votes) {
        Fused fused = fusion.judges(pairId, category(pairId));
        LabelOutcome found = fused == null ? majority : outcome(fused);
        double p = fused != null && fused.decided() != null
                ? fused.pRight()
                : found == LabelOutcome.CHOSEN ? 1 : found == LabelOutcome.REJECTED ? 0 : 0.5;
        label(pairId, LabelKind.SILVER, found, p, List.of(), inRound, votes, false, fused);
    }

    // Silver

    private void silver(LabelRequest request) {
        String pairId = request.getPairId();
        Round told = round.get("train");
        PairScore score = scores.get(pairId);
        if (labels.get(pairId + "/gold") != null
                || labels.get(pairId + "/silver") != null
                || told == null
                || score == null
                || (JudgePanel.ADMITTED.equals(request.getStrategy()) != admittedOnly(told))) {
            return;
        }
        Map<String, Double> margins = new HashMap<>();
        for (CheckpointScore s : score.getScores()) {
            margins.put(s.getCheckpoint(), s.getMargin());
        }
        String of = category.get(pairId);
        Optional<BuiltInJudges.Votes> found =
                new BuiltInJudges(told.getSettings(), VoteFusion.DEFAULT).vote(of == null ? "" : of, margins);
        if (found.isEmpty()) {
            return;
        }
        BuiltInJudges.Votes votes = found.get();
        vote(request, score, "builtin-pool", votes.pool());
        vote(request, score, "builtin-neighbours", votes.neighbours());
        vote(request, score, "source", votes.source());
        boolean decides = VoteFusion.DEFAULT.decides(votes.fused());
        LabelOutcome outcome =
                !decides ? LabelOutcome.UNDECIDED : votes.fused() > 0.5 ? LabelOutcome.CHOSEN : LabelOutcome.REJECTED;
        label(pairId, LabelKind.SILVER, outcome, votes.fused(), votes.folds(), request.getRound(), 3, false, null);
    }

    private static boolean admittedOnly(Round told) {
        return Boolean.parseBoolean(told.getSettings().get("fetched/admitted-only"));
    }

    /** A vote made of scores; which anchor asked first for it is chance, so only the scores are named as its input. */
    private void vote(LabelRequest request, PairScore score, String judge, double p) {
        emit(
                Topics.JUDGE_VOTES,
                request.getPairId(),
                JudgeVote.newBuilder()
                        .setPairId(request.getPairId())
                        .setCallId(judge + "/" + request.getPairId())
                        .setJudge(judge)
                        .setModel(null)
                        .setRound(request.getRound())
                        .setOutcome(
                                p > 0.5
                                        ? LabelOutcome.CHOSEN
                                        : p < 0.5 ? LabelOutcome.REJECTED : LabelOutcome.UNDECIDED)
                        .setP(p)
                        .setFoldP(List.of())
                        .setReason(null)
                        .setError(null)
                        .setProvenance(VoteProvenance.newBuilder()
                                .setStage(STAGE)
                                .setStageVersion("1")
                                .setConfigHash(CONFIG_HASH)
                                .setInputs(List.of(score.getRequestId()))
                                .setRevision(null)
                                .setCostUsd(null)
                                .build())
                        .build());
    }

    private void label(
            String pairId,
            LabelKind kind,
            LabelOutcome outcome,
            double p,
            List<Double> folds,
            int inRound,
            int votes,
            boolean audit,
            @Nullable Fused fused) {
        String key = pairId + "/" + kind.name().toLowerCase(Locale.ROOT);
        Double posterior = fused == null ? null : (Double) fused.pRight();
        Label before = labels.get(key);
        if (before != null
                && before.getOutcome() == outcome
                && before.getVotes() == votes
                && before.getPRight() == p
                && before.getAudit() == audit
                && Objects.equals(before.getPosterior(), posterior)) {
            return;
        }
        Label label = Label.newBuilder()
                .setPairId(pairId)
                .setKind(kind)
                .setOutcome(outcome)
                .setPRight(p)
                .setFoldP(folds)
                .setRound(inRound)
                .setRevision(before == null ? 1 : before.getRevision() + 1)
                .setVotes(votes)
                .setAudit(audit)
                .setPosterior(posterior)
                .setProvenance(LabelProvenance.newBuilder()
                        .setStage(STAGE)
                        .setStageVersion("1")
                        .setConfigHash(CONFIG_HASH)
                        .setInputs(List.of())
                        .setRevision(null)
                        .setCostUsd(null)
                        .build())
                .build();
        labels.put(key, label);
        emit(Topics.LABELS, pairId, label);
    }

    private static String key(String id, HumanAnnotation annotation) {
        return id + "\u0000" + annotation.getBatch() + "/"
                + String.format(Locale.ROOT, "%012d", annotation.getOrdinal());
    }

    private static void each(
            KeyValueStore<String, HumanAnnotation> store, String id, Consumer<HumanAnnotation> action) {
        List<HumanAnnotation> found = new ArrayList<>();
        try (KeyValueIterator<String, HumanAnnotation> all = store.range(id + "\u0000", id + "\u0000" + LAST)) {
            all.forEachRemaining(entry -> found.add(entry.value));
        }
        found.forEach(action);
    }
}
