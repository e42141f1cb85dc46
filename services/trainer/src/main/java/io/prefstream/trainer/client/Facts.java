package io.prefstream.trainer.client;

import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.select.Stratum;
import io.prefstream.core.stats.Vectors;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Casts;
import io.prefstream.trainer.domain.Phase;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.AuditedFlip;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CheckpointScore;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.Cost;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.JudgeCanary;
import io.prefstream.wire.JudgeStats;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelKind;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.SimilarityKind;
import io.prefstream.wire.TagRequest;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.Vote;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What training needs of the topics, in memory. Vectors are shared by text, so that a pool with few texts and many pairs
 * takes little. Not thread-safe.
 */
public final class Facts {

    /** Topics that hold these facts. */
    public static final List<Topic<?>> TOPICS = Stream.concat(
                    Stream.<Topic<?>>of(
                            Topics.PAIR_FEATURES,
                            Topics.CONTAMINATIONS,
                            Topics.NEAR_DUPLICATES,
                            Topics.PAIR_EMBEDDINGS,
                            Topics.LABELS,
                            Topics.PAIR_SCORES,
                            Topics.JUDGE_VOTES,
                            Topics.JUDGE_STATS,
                            Topics.JUDGE_CANARIES,
                            Topics.VOTES,
                            Topics.LABEL_REQUESTS,
                            Topics.PAIR_ATTRIBUTES,
                            Topics.TAG_REQUESTS,
                            Topics.COSTS,
                            Topics.TRAINING_RUNS,
                            Topics.ROUND_ACCOUNTS,
                            Topics.FLIP_AUDITS,
                            Topics.RUNS,
                            Topics.ROUNDS,
                            Topics.VERDICTS,
                            Topics.CHECKPOINTS),
                    Topics.STAGES.stream()
                            .filter(stage -> !stage.equals("trainer") && !stage.equals("consistency-filter"))
                            .map(Topics::deadLetters))
            .toList();

    private static final String TEXT_MODEL = "text/1"; // kind of a checkpoint
    private static final String VERIFY = "verify/"; // before the pair id in the costs of checking single answers

    /**
     * A pair's features.
     *
     * @param emoji ln(1 + n) of the chosen answer's emoji less that of the other's; NaN when they were not counted
     */
    public record Features(
            String pairId,
            String category,
            boolean mirrored,
            boolean sameFeatures,
            float[] chosen,
            float[] rejected,
            String featureSet,
            double emoji) {

        /** Features of the chosen less those of the rejected answer. */
        public float[] diff() {
            return Vectors.minus(chosen, rejected);
        }
    }

    private final TreeMap<String, Features> features = new TreeMap<>();
    private final Set<String> contaminated = new HashSet<>();
    private final Set<String> nearDuplicates = new HashSet<>();
    private final Set<String> dead = new HashSet<>();
    private final Map<String, float[]> texts = new HashMap<>();
    private final Map<String, byte[]> embeddings = new HashMap<>();
    private final TreeMap<String, Label> gold = new TreeMap<>();
    private final TreeMap<String, Label> silver = new TreeMap<>();
    private final TreeMap<String, AuditedFlip> flipAudits = new TreeMap<>();
    private final Map<String, Map<String, Map<String, Double>>> margins = new HashMap<>();
    private final Map<String, Map<String, JudgeVote>> votes = new HashMap<>();
    private final Map<String, JudgeStats> judgeStats = new HashMap<>();
    private final TreeMap<String, JudgeCanary> canaries = new TreeMap<>();
    private final Map<String, Cast> casts = new TreeMap<>();
    private final TreeMap<String, List<LabelRequest>> requests = new TreeMap<>();
    private final Set<String> describedByLlm = new HashSet<>();
    private final Map<String, Integer> tagRequests = new HashMap<>();
    private final Map<String, Stratum> strata = new HashMap<>();
    private final Books books = new Books();
    private final List<TrainingRun> trainings = new ArrayList<>();
    private final Map<String, Round> rounds = new HashMap<>();
    private final Map<String, Checkpoint> checkpoints = new HashMap<>();

    /** Takes in one record. */
    public void add(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Contamination fact -> contaminated.add(fact.getPairId());
            case NearDuplicate fact -> {
                if (fact.getKind() == SimilarityKind.NEAR_DUPLICATE) {
                    nearDuplicates.add(fact.getPairId());
                }
            }
            case DeadLetter letter -> {
                if (letter.getPairId() != null && !letter.getKind().equals("judging")) {
                    dead.add(letter.getPairId());
                }
            }
            case PairFeatures f ->
                features.put(
                        f.getPairId(),
                        new Features(
                                f.getPairId(),
                                f.getTaskCategory(),
                                f.getMirrorPairId() != null,
                                f.getSameFeatures(),
                                text(f.getChosenText(), f.getChosen()),
                                text(f.getRejectedText(), f.getRejected()),
                                f.getFeatureSet(),
                                emoji(f)));
            case PairEmbedding e -> {
                byte[] vector = new byte[e.getVector().remaining()];
                e.getVector().duplicate().get(vector);
                embeddings.put(e.getPairId(), vector);
            }
            case Label label ->
                (label.getKind() == LabelKind.GOLD ? gold : silver)
                        .merge(label.getPairId(), label, (a, b) -> a.getRevision() >= b.getRevision() ? a : b);
            case AuditedFlip audit -> flipAudits.putIfAbsent(audit.getPairId(), audit);
            case PairScore score -> {
                Map<String, Double> of = margins.computeIfAbsent(score.getRequestId(), r -> new HashMap<>())
                        .computeIfAbsent(score.getPairId(), p -> new HashMap<>(8));
                for (CheckpointScore s : score.getScores()) {
                    of.put(s.getCheckpoint(), s.getMargin());
                }
            }
            case JudgeVote vote ->
                votes.computeIfAbsent(vote.getPairId(), p -> new TreeMap<>()).put(vote.getJudge(), vote);
            case JudgeCanary canary ->
                canaries.put(canary.getRun() + "/" + canary.getJudge() + "/" + canary.getPairId(), canary);
            case JudgeStats stats -> judgeStats.put(key, stats);
            case Vote vote -> casts.put(vote.getPairId() + "/" + vote.getVoteId(), Casts.of(vote));
            case LabelRequest request ->
                requests.computeIfAbsent(request.getPairId(), p -> new ArrayList<>())
                        .add(request);
            case PairAttributes tags -> {
                strata.put(tags.getPairId(), stratum(tags));
                if (tags.getOrigin() == AttributeOrigin.LLM) {
                    describedByLlm.add(tags.getPairId());
                }
            }
            case TagRequest request -> tagRequests.put(request.getPairId(), request.getRun());
            case Cost cost -> books.add(cost);
            case RunRequest order -> books.add(order);
            case RoundAccount account -> books.add(account);
            case Verdict verdict -> books.add(verdict);
            case TrainingRun training -> trainings.add(training);
            case Round round -> rounds.put(round.getRun() + "/" + round.getPhase() + "/" + round.getRound(), round);
            case Checkpoint checkpoint -> checkpoints.put(checkpoint.getCheckpointId(), checkpoint);
            default -> throw new IllegalStateException("unexpected record on " + topic);
        }
    }

    private static double emoji(PairFeatures f) {
        return f.getChosenEmoji() < 0 || f.getRejectedEmoji() < 0
                ? Double.NaN
                : StrictMath.log1p(f.getChosenEmoji()) - StrictMath.log1p(f.getRejectedEmoji());
    }

    private float[] text(String hash, ByteBuffer bytes) {
        return texts.computeIfAbsent(hash + bytes.hashCode(), h -> {
            float[] values = new float[bytes.remaining() / Float.BYTES];
            bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return values;
        });
    }

    /** Whether a pair shares text with a benchmark that was loaded after it. */
    public boolean contaminated(String pairId) {
        return contaminated.contains(pairId);
    }

    /** Whether a pair is much like an earlier one. */
    public boolean nearDuplicate(String pairId) {
        return nearDuplicates.contains(pairId);
    }

    /** Whether a stage could not process a pair. */
    public boolean dead(String pairId) {
        return dead.contains(pairId);
    }

    /** All pairs, by id. */
    public SortedMap<String, Features> features() {
        return features;
    }

    /** The latest gold label of each pair, by id. */
    public SortedMap<String, Label> gold() {
        return gold;
    }

    /** The latest silver label of each pair, by id. */
    public SortedMap<String, Label> silver() {
        return silver;
    }

    /** Flips that were drawn for people to judge, as they were first proposed, by pair id. */
    public SortedMap<String, AuditedFlip> flipAudits() {
        return flipAudits;
    }

    /** Margin of a pair under a checkpoint in a request; null when it was not scored. */
    public @Nullable Double margin(String request, String pairId, String checkpoint) {
        return margins.getOrDefault(request, Map.of())
                .getOrDefault(pairId, Map.of())
                .get(checkpoint);
    }

    /** Votes of LLM judges on a pair: those that name a model. */
    public List<JudgeVote> llmVotes(String pairId) {
        return votes.getOrDefault(pairId, Map.of()).values().stream()
                .filter(vote -> vote.getModel() != null && vote.getError() == null)
                .toList();
    }

    /** Votes of judges on a pair, built-in ones too, that decide it. */
    public List<JudgeVote> decidedVotes(String pairId) {
        return votes.getOrDefault(pairId, Map.of()).values().stream()
                .filter(vote -> vote.getError() == null
                        && (vote.getOutcome() == LabelOutcome.CHOSEN || vote.getOutcome() == LabelOutcome.REJECTED))
                .toList();
    }

    /** What judges said when a run asked them again about pairs that they had judged. */
    public List<JudgeCanary> canaries(int run) {
        return canaries.values().stream()
                .filter(canary -> canary.getRun() == run)
                .toList();
    }

    /** How each judge has judged, by partition. */
    public Collection<JudgeStats> judgeStats() {
        return judgeStats.values();
    }

    /** Everybody's votes as they count now, by pair and vote; those taken back included. */
    public Collection<Cast> casts() {
        return casts.values();
    }

    /** Every vote in force, one a pair and judge; those that failed included. */
    public List<JudgeVote> votes() {
        return votes.values().stream().flatMap(of -> of.values().stream()).toList();
    }

    /** Requests for judges' labels, by pair id. */
    public SortedMap<String, List<LabelRequest>> requests() {
        return requests;
    }

    /** The most that judging a pair can cost, in US dollars; null when no judge has quoted it. */
    public @Nullable Double quote(String pairId) {
        return books.quote(pairId);
    }

    /** The most that having a pair described can cost, in US dollars; null when no language model has quoted it. */
    public @Nullable Double tagQuote(String pairId) {
        return books.quote(Books.TAG + pairId);
    }

    /** The most that having both answers of a pair checked can cost, in US dollars; null when no judge has quoted it. */
    public @Nullable Double verifyQuote(String pairId) {
        return books.quote(VERIFY + pairId);
    }

    /** Whether a language model has set the pair's attributes. */
    public boolean describedByLlm(String pairId) {
        return describedByLlm.contains(pairId);
    }

    /** Stratum of a pair by its latest attributes. */
    public Stratum stratum(String pairId) {
        return strata.getOrDefault(pairId, Stratum.UNKNOWN);
    }

    private static Stratum stratum(PairAttributes tags) {
        return new Stratum(
                tags.getTaskCategory(),
                tags.getObjectivity().name().toLowerCase(Locale.ROOT),
                tags.getControversiality().name().toLowerCase(Locale.ROOT));
    }

    /** Whether a run has asked a language model to describe the pair. */
    public boolean tagRequested(int run, String pairId) {
        return tagRequests.getOrDefault(pairId, 0) == run;
    }

    /** Pairs that a run has asked a language model to describe. */
    public List<String> tagRequests(int run) {
        return tagRequests.keySet().stream()
                .filter(pair -> tagRequested(run, pair))
                .toList();
    }

    /** What was ordered, paid and decided. */
    public Books books() {
        return books;
    }

    /** Trainings of a run, in order. */
    public List<TrainingRun> trainings(int run) {
        return trainings.stream().filter(t -> t.getRun() == run).toList();
    }

    /** All settings told so far in the steps of a run, the later over the earlier. */
    public Map<String, String> told(int run) {
        Map<String, String> told = new TreeMap<>();
        rounds.values().stream()
                .filter(round -> round.getRun() == run)
                .sorted(Comparator.comparingInt(Round::getRound)
                        .thenComparing(round -> Phase.valueOf(round.getPhase().toUpperCase(Locale.ROOT))))
                .forEach(round -> told.putAll(round.getSettings()));
        return told;
    }

    /** An announced checkpoint; null when there is none of this id. */
    public @Nullable Checkpoint checkpoint(String id) {
        return checkpoints.get(id);
    }

    /** Ids of the announced models that read text, in order. */
    public List<String> textModels() {
        return checkpoints.values().stream()
                .filter(checkpoint -> checkpoint.getKind().equals(TEXT_MODEL))
                .map(Checkpoint::getCheckpointId)
                .sorted()
                .toList();
    }

    /** Unit vector of (x, a) of a pair. */
    public float[] embedding(String pairId) {
        byte[] bytes = Objects.requireNonNull(embeddings.get(pairId), "no embedding of a pair");
        float[] vector = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            vector[i] = bytes[i] / 127f;
        }
        return vector;
    }

    /** Whether a pair has an embedding. */
    public boolean embedded(String pairId) {
        return embeddings.containsKey(pairId);
    }
}
