package io.prefstream.kit.topic;

import io.prefstream.kit.topic.Topic.Spread;
import io.prefstream.wire.Ablation;
import io.prefstream.wire.Agreement;
import io.prefstream.wire.Annotator;
import io.prefstream.wire.AnswerVote;
import io.prefstream.wire.AuditedFlip;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.BenchmarkResult;
import io.prefstream.wire.Budget;
import io.prefstream.wire.CallBatch;
import io.prefstream.wire.CallIntent;
import io.prefstream.wire.Centroid;
import io.prefstream.wire.Checkpoint;
import io.prefstream.wire.CleaningCount;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.Cost;
import io.prefstream.wire.CuratedPair;
import io.prefstream.wire.DeadLetter;
import io.prefstream.wire.Evaluation;
import io.prefstream.wire.FollowPosition;
import io.prefstream.wire.FusionModel;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.HumanTask;
import io.prefstream.wire.JudgeCanary;
import io.prefstream.wire.JudgeExample;
import io.prefstream.wire.JudgeStats;
import io.prefstream.wire.JudgeVote;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelRequest;
import io.prefstream.wire.LlmAnswer;
import io.prefstream.wire.LlmCall;
import io.prefstream.wire.NearDuplicate;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import io.prefstream.wire.PairFeatures;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairScore;
import io.prefstream.wire.PairSelection;
import io.prefstream.wire.PreVerification;
import io.prefstream.wire.Progress;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.RetrievalAnswer;
import io.prefstream.wire.RetrievalQuery;
import io.prefstream.wire.RewardAnswer;
import io.prefstream.wire.RewardCall;
import io.prefstream.wire.Round;
import io.prefstream.wire.RoundAccount;
import io.prefstream.wire.RowId;
import io.prefstream.wire.RunRequest;
import io.prefstream.wire.ScoringRequest;
import io.prefstream.wire.SimilarityProbe;
import io.prefstream.wire.TagRequest;
import io.prefstream.wire.TrainingRun;
import io.prefstream.wire.Verdict;
import io.prefstream.wire.Vote;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** Every topic of the system: the one table from which topics are created, checked and documented. */
public final class Topics {

    private static final String PAIR = "pair id";

    public static final Topic<Conversation> CONVERSATIONS_IN =
            pairs("conversations-in", Conversation.class, "outside", "conversation id");
    public static final Topic<Conversation> CONVERSATIONS =
            pairs("conversations", Conversation.class, "ingest", "conversation id");
    public static final Topic<PairIn> PAIRS_IN = pairs("pairs-in", PairIn.class, "outside", "match id, or any");
    public static final Topic<FollowPosition> FOLLOW_POSITIONS =
            new Topic<>("follow-positions", FollowPosition.class, "outside", "file", Spread.SINGLE, true);
    public static final Topic<AnswerVote> VOTES_BY_PROMPT =
            pairs("votes-by-prompt", AnswerVote.class, "ingest", "hash of the turns before the answer");
    public static final Topic<PairIn> PAIRS_BY_MATCH = pairs("pairs-by-match", PairIn.class, "ingest", "match id");
    public static final Topic<Pair> PAIRS = compact("pairs", Pair.class, "ingest", PAIR);
    public static final Topic<RejectedInput> REJECTED_INPUT =
            pairs("rejected-input", RejectedInput.class, "ingest", "batch and ordinal");
    public static final Topic<BenchmarkItem> BENCHMARKS_IN =
            pairs("benchmarks-in", BenchmarkItem.class, "outside", "benchmark, item and hash");
    public static final Topic<BenchmarkItem> BENCHMARK_ITEMS =
            pairs("benchmark-items", BenchmarkItem.class, "ingest", "benchmark, item and hash, every partition");
    public static final Topic<Contamination> CONTAMINATIONS =
            pairs("contaminations", Contamination.class, "ingest", PAIR);
    public static final Topic<SimilarityProbe> NEAR_DUPLICATE_BANDS =
            pairs("near-duplicate-bands", SimilarityProbe.class, "ingest", "pair id, the partitions of its bands");
    public static final Topic<NearDuplicate> NEAR_DUPLICATES =
            pairs("near-duplicates", NearDuplicate.class, "ingest", PAIR);
    public static final Topic<CleaningCount> CLEANING_COUNTS =
            compact("cleaning-counts", CleaningCount.class, "consistency-filter", "rule and partition");
    public static final Topic<PairAttributes> PAIR_ATTRIBUTES =
            pairs("pair-attributes", PairAttributes.class, "attribute-tagger", PAIR);
    public static final Topic<TagRequest> TAG_REQUESTS = pairs("tag-requests", TagRequest.class, "trainer", PAIR);
    public static final Topic<LlmCall> TAG_CALLS = pairs("tag-calls", LlmCall.class, "attribute-tagger", PAIR);
    public static final Topic<LlmAnswer> TAG_ANSWERS = pairs("tag-answers", LlmAnswer.class, "attribute-tagger", PAIR);
    public static final Topic<PairEmbedding> PAIR_EMBEDDINGS =
            compact("pair-embeddings", PairEmbedding.class, "retrieval", PAIR);
    public static final Topic<PairFeatures> PAIR_FEATURES =
            compact("pair-features", PairFeatures.class, "retrieval", PAIR);
    public static final Topic<RetrievalQuery> RETRIEVAL_QUERIES =
            pairs("retrieval-queries", RetrievalQuery.class, "retrieval", "anchor pair id, every partition");
    public static final Topic<RetrievalAnswer> RETRIEVAL_ANSWERS =
            pairs("retrieval-answers", RetrievalAnswer.class, "retrieval", "anchor pair id");
    public static final Topic<LabelRequest> LABEL_REQUESTS =
            pairs("label-requests", LabelRequest.class, "retrieval, trainer", PAIR);
    public static final Topic<HumanAnnotation> ANNOTATIONS_IN =
            pairs("annotations-in", HumanAnnotation.class, "outside", "pair id or row id");
    public static final Topic<RowId> ROW_IDS = pairs("row-ids", RowId.class, "label-verifier", "row id");
    public static final Topic<HumanAnnotation> HUMAN_ANNOTATIONS =
            pairs("human-annotations", HumanAnnotation.class, "label-verifier", PAIR);
    public static final Topic<HumanTask> HUMAN_TASKS = compact("human-tasks", HumanTask.class, "trainer", PAIR);
    public static final Topic<AuditedFlip> FLIP_AUDITS = pairs("flip-audits", AuditedFlip.class, "trainer", PAIR);
    public static final Topic<JudgeExample> JUDGE_EXAMPLES =
            pairs("judge-examples", JudgeExample.class, "label-verifier", "pair id, every partition");
    public static final Topic<LlmCall> JUDGE_CALLS = pairs("judge-calls", LlmCall.class, "label-verifier", PAIR);
    public static final Topic<LlmAnswer> JUDGE_ANSWERS =
            pairs("judge-answers", LlmAnswer.class, "label-verifier", PAIR);
    public static final Topic<CallIntent> CALL_INTENTS =
            pairs("call-intents", CallIntent.class, "attribute-tagger, label-verifier", PAIR);
    public static final Topic<CallBatch> CALL_BATCHES =
            compact("call-batches", CallBatch.class, "attribute-tagger, label-verifier", "batch id");
    public static final Topic<JudgeVote> JUDGE_VOTES = pairs("judge-votes", JudgeVote.class, "label-verifier", PAIR);
    public static final Topic<JudgeCanary> JUDGE_CANARIES =
            pairs("judge-canaries", JudgeCanary.class, "label-verifier", PAIR);
    public static final Topic<PreVerification> PRE_VERIFICATIONS =
            compact("pre-verifications", PreVerification.class, "label-verifier", PAIR);
    public static final Topic<JudgeStats> JUDGE_STATS =
            compact("judge-stats", JudgeStats.class, "label-verifier", "judge and partition");
    public static final Topic<Label> LABELS = pairs("labels", Label.class, "label-verifier", PAIR);
    public static final Topic<Vote> VOTES =
            new Topic<>("votes", Vote.class, "label-verifier, trainer", PAIR, Spread.SINGLE, false);
    public static final Topic<FusionModel> FUSION_MODELS =
            pairs("fusion-models", FusionModel.class, "trainer", "run and round, every partition");
    public static final Topic<Agreement> AGREEMENT = new Topic<>(
            "agreement", Agreement.class, "trainer", "coefficient, raters and category", Spread.SINGLE, true);
    public static final Topic<Annotator> ANNOTATORS =
            new Topic<>("annotators", Annotator.class, "trainer", "kind and annotator", Spread.SINGLE, true);
    public static final Topic<Cost> COSTS =
            pairs("costs", Cost.class, "attribute-tagger, label-verifier, trainer", "pair id");
    public static final Topic<Checkpoint> CHECKPOINTS =
            new Topic<>("checkpoints", Checkpoint.class, "trainer, outside", "checkpoint id", Spread.SINGLE, true);
    public static final Topic<ScoringRequest> SCORING_REQUESTS =
            pairs("scoring-requests", ScoringRequest.class, "trainer", "request id, every partition");
    public static final Topic<RewardCall> REWARD_CALLS =
            compact("reward-calls", RewardCall.class, "reward-scorer", PAIR);
    public static final Topic<RewardAnswer> REWARD_ANSWERS =
            pairs("reward-answers", RewardAnswer.class, "reward-scorer", PAIR);
    public static final Topic<PairScore> PAIR_SCORES = pairs("pair-scores", PairScore.class, "reward-scorer", PAIR);
    public static final Topic<Evaluation> EVALUATIONS = pairs("evaluations", Evaluation.class, "reward-scorer", PAIR);
    public static final Topic<TrainingRun> TRAINING_RUNS =
            new Topic<>("training-runs", TrainingRun.class, "trainer", "run and round", Spread.SINGLE, false);
    public static final Topic<RoundAccount> ROUND_ACCOUNTS =
            new Topic<>("round-accounts", RoundAccount.class, "trainer", "run and round", Spread.SINGLE, false);
    public static final Topic<PairSelection> SELECTIONS = pairs("selections", PairSelection.class, "trainer", PAIR);
    public static final Topic<Centroid> CENTROIDS =
            new Topic<>("centroids", Centroid.class, "trainer", "topic number", Spread.SINGLE, true);
    public static final Topic<RunRequest> RUNS =
            new Topic<>("runs", RunRequest.class, "outside", "run", Spread.SINGLE, false);
    public static final Topic<Round> ROUNDS = pairs("rounds", Round.class, "trainer", "run and step, every partition");
    public static final Topic<Progress> PROGRESS =
            new Topic<>("progress", Progress.class, "every stage", "stage and partition", Spread.SINGLE, true);
    public static final Topic<Verdict> VERDICTS = pairs("verdicts", Verdict.class, "consistency-filter", PAIR);
    public static final Topic<CuratedPair> CURATED_PAIRS =
            compact("curated-pairs", CuratedPair.class, "consistency-filter", PAIR);
    public static final Topic<CuratedPair> RECYCLED_PAIRS =
            compact("recycled-pairs", CuratedPair.class, "consistency-filter", PAIR);
    public static final Topic<CuratedPair> DISCARDED_PAIRS =
            compact("discarded-pairs", CuratedPair.class, "consistency-filter", PAIR);
    public static final Topic<BenchmarkResult> BENCHMARK_RESULTS =
            compact("benchmark-results", BenchmarkResult.class, "outside", "benchmark, item and model");
    public static final Topic<Budget> BUDGETS =
            new Topic<>("budgets", Budget.class, "control-room", "budget name", Spread.SINGLE, true);
    public static final Topic<Ablation> ABLATIONS =
            new Topic<>("ablations", Ablation.class, "control-room", "variant name", Spread.SINGLE, true);

    /** What those outside write that a run counts: every way in ends in one of these. */
    public static final List<Topic<?>> WAYS_IN = List.of(CONVERSATIONS_IN, PAIRS_IN, ANNOTATIONS_IN, BENCHMARKS_IN);

    /** Stages whose records can become dead letters, in the order in which records flow. */
    public static final List<String> STAGES = List.of(
            "ingest",
            "attribute-tagger",
            "retrieval",
            "label-verifier",
            "reward-scorer",
            "trainer",
            "consistency-filter");

    private Topics() {}

    /** The dead letters of a stage. */
    public static Topic<DeadLetter> deadLetters(String stage) {
        return pairs(stage + "-dead-letters", DeadLetter.class, stage, "key of the record");
    }

    /** Every topic, dead letters included, in the order in which records flow. */
    public static List<Topic<?>> all() {
        List<Topic<? extends SpecificRecord>> named = List.of(
                CONVERSATIONS_IN,
                CONVERSATIONS,
                PAIRS_IN,
                FOLLOW_POSITIONS,
                VOTES_BY_PROMPT,
                PAIRS_BY_MATCH,
                PAIRS,
                REJECTED_INPUT,
                BENCHMARKS_IN,
                BENCHMARK_ITEMS,
                CONTAMINATIONS,
                NEAR_DUPLICATE_BANDS,
                NEAR_DUPLICATES,
                CLEANING_COUNTS,
                PAIR_ATTRIBUTES,
                TAG_REQUESTS,
                TAG_CALLS,
                TAG_ANSWERS,
                PAIR_EMBEDDINGS,
                PAIR_FEATURES,
                RETRIEVAL_QUERIES,
                RETRIEVAL_ANSWERS,
                LABEL_REQUESTS,
                ANNOTATIONS_IN,
                ROW_IDS,
                HUMAN_ANNOTATIONS,
                HUMAN_TASKS,
                FLIP_AUDITS,
                JUDGE_EXAMPLES,
                JUDGE_CALLS,
                JUDGE_ANSWERS,
                CALL_INTENTS,
                CALL_BATCHES,
                JUDGE_VOTES,
                JUDGE_STATS,
                PRE_VERIFICATIONS,
                JUDGE_CANARIES,
                VOTES,
                FUSION_MODELS,
                LABELS,
                AGREEMENT,
                ANNOTATORS,
                COSTS,
                CHECKPOINTS,
                SCORING_REQUESTS,
                REWARD_CALLS,
                REWARD_ANSWERS,
                PAIR_SCORES,
                EVALUATIONS,
                TRAINING_RUNS,
                ROUND_ACCOUNTS,
                SELECTIONS,
                CENTROIDS,
                RUNS,
                ROUNDS,
                PROGRESS,
                VERDICTS,
                CURATED_PAIRS,
                RECYCLED_PAIRS,
                DISCARDED_PAIRS,
                BENCHMARK_RESULTS,
                BUDGETS,
                ABLATIONS);
        return Stream.<Topic<?>>concat(named.stream(), STAGES.stream().map(Topics::deadLetters))
                .toList();
    }

    private static <T extends SpecificRecord> Topic<T> pairs(String name, Class<T> type, String owner, String key) {
        return new Topic<>(name, type, owner, key, Spread.PAIRS, false);
    }

    private static <T extends SpecificRecord> Topic<T> compact(String name, Class<T> type, String owner, String key) {
        return new Topic<>(name, type, owner, key, Spread.PAIRS, true);
    }
}
