package io.prefstream.ingest.processor;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.cleaning.CleaningRules;
import io.prefstream.core.pair.Message;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Hashes;
import io.prefstream.ingest.domain.Extraction;
import io.prefstream.ingest.domain.ExtractionRules;
import io.prefstream.ingest.domain.LiveRows;
import io.prefstream.ingest.domain.LogConversation;
import io.prefstream.ingest.domain.PiiPolicy;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.kit.stage.StageEnvironment;
import io.prefstream.kit.stage.StageProcessor;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.AnswerVote;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Conversation;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairIn;
import io.prefstream.wire.PairProvenance;
import io.prefstream.wire.RejectedInput;
import io.prefstream.wire.SimilarityProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into pairs. A row comes twice: as its producer keyed it, when it is checked, and keyed by match id, when it
 * meets its duplicates and its mirror. Personal data is looked for in the first pass, before a row is named; benchmarks' text
 * and near-duplicates in the second. A conversation comes once, and its pairs go on as rows do.
 */
public final class IngestProcessor extends StageProcessor {

    /**
     * The row that first brought each pair, without its texts, by pair id. A pair and its mirror have one match id, so
     * both are found in the task that reads their rows.
     */
    public static final Store<PairIn> FIRST_ROWS = new Store<>("first-rows", StoreSerdes.avro(PairIn.class), false);

    /** Thumbs by prompt. */
    public static final Store<AnswerVote> PROMPT_VOTES = PromptVotes.STORE;

    /** Every store of the stage. */
    public static final List<Store<?>> STORES = List.of(
            FIRST_ROWS,
            PROMPT_VOTES,
            NearDuplicates.SKETCHES,
            NearDuplicates.BANDS,
            Decontamination.ITEMS,
            Decontamination.UNCHECKED,
            Decontamination.REACHED,
            Decontamination.TEXTS);

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Extraction extraction;
    private final PiiPolicy pii;
    private final String configHash;
    private KeyValueStore<String, PairIn> firstRows;
    private PromptVotes votes;
    private NearDuplicates nearDuplicates;
    private Decontamination decontamination;

    /** A processor for one task. */
    @SuppressWarnings("NullAway.Init") // the stores come with ready
    public IngestProcessor(StageEnvironment environment, ExtractionRules rules, PiiPolicy pii) {
        super(environment);
        this.extraction = new Extraction(rules);
        this.pii = pii;
        this.configHash = Hashes.ofSettings(pii.settings());
    }

    @Override
    protected void ready() {
        firstRows = store(FIRST_ROWS);
        votes = new PromptVotes(store(PROMPT_VOTES));
        nearDuplicates = new NearDuplicates(
                new SimilarityWay(), pairPartitions(), store(NearDuplicates.SKETCHES), store(NearDuplicates.BANDS));
        decontamination = new Decontamination(task());
        every(PAUSE, decontamination::step);
    }

    @Override
    protected void on(String topic, String key, SpecificRecord value) {
        switch (value) {
            case Conversation conversation -> extract(conversation);
            case AnswerVote vote -> votes.take(key, vote).forEach(this::check);
            case PairIn row -> {
                if (topic.equals(Topics.PAIRS_IN.name())) {
                    check(row);
                } else {
                    admit(row);
                }
            }
            case SimilarityProbe probe -> nearDuplicates.meet(probe);
            case BenchmarkItem item -> {
                if (topic.equals(Topics.BENCHMARKS_IN.name())) {
                    emitToAll(Topics.BENCHMARK_ITEMS, key, item);
                } else {
                    decontamination.item(key, item);
                }
            }
            default -> throw new IllegalArgumentException("unexpected record on " + topic);
        }
    }

    /** Where near-duplicates go, and the sketches that find them. */
    private final class SimilarityWay implements NearDuplicates.Way {
        @Override
        public void emit(Topic<?> topic, String key, SpecificRecord value) {
            IngestProcessor.this.emit(topic, key, value);
        }

        @Override
        public void emitTo(int partition, Topic<?> topic, String key, SpecificRecord value) {
            IngestProcessor.this.emitTo(partition, topic, key, value);
        }
    }

    private void extract(Conversation conversation) {
        List<Extraction.Preference> pairs = List.of();
        List<Extraction.Vote> thumbs = List.of();
        try {
            LogConversation.check(conversation);
            pairs = extraction.of(conversation);
            thumbs = extraction.votes(conversation);
        } catch (RowFault fault) {
            check(LiveRows.of(conversation, fault));
        }
        pairs.forEach(pair -> check(LiveRows.of(conversation, pair)));
        thumbs.forEach(vote -> emit(
                Topics.VOTES_BY_PROMPT,
                PairIdentity.pairId(vote.history(), "", ""), // a name of the turns before the answer
                LiveRows.of(conversation, vote)));
        emit(
                Topics.CONVERSATIONS,
                conversation.getConversationId(),
                Conversation.newBuilder(conversation).setPairs(pairs.size()).build());
    }

    private void check(PairIn row) {
        Optional<StructuralCheck.Fault> fault = StructuralCheck.of(row);
        if (fault.isPresent()) {
            refuse(row, null, fault.get().rule(), fault.get().reason());
            return;
        }
        PersonalDataCheck.Checked checked = PersonalDataCheck.of(row, pii);
        PairIn clean = checked.row();
        if (checked.refusal() != null) {
            refuse(row, null, "pii", checked.refusal());
        } else if (clean.getChosen().equals(clean.getRejected())) {
            refuse(row, null, "identical-answers", "chosen and rejected differ in personal data alone");
        } else {
            emit(
                    Topics.PAIRS_BY_MATCH,
                    PairIdentity.matchId(history(clean), clean.getChosen(), clean.getRejected()),
                    clean);
        }
    }

    private void admit(PairIn row) {
        List<Message> history = history(row);
        String pairId = PairIdentity.pairId(history, row.getChosen(), row.getRejected());
        PairIn first = firstRows.get(pairId);
        if (first != null) {
            if (!isSameRow(first, row)) {
                refuse(row, pairId, "duplicate", "the same pair came before, in " + place(first) + "; remove one");
            }
            return;
        }
        BenchmarkPrompts.Hit hit = decontamination.find(history, row);
        if (hit != null) {
            refuse(row, pairId, CleaningRules.CONTAMINATED, hit.reason());
            return;
        }
        firstRows.put(pairId, withoutTexts(row));
        decontamination.keep(pairId, row);
        nearDuplicates.announce(
                pairId, PairIdentity.matchId(history, row.getChosen(), row.getRejected()), history, row);
        String mirrorId = PairIdentity.pairId(history, row.getRejected(), row.getChosen());
        PairIn mirror = firstRows.get(mirrorId);
        emitPair(pairId, row, mirror == null ? null : mirrorId, row.getChosen(), row.getRejected(), row);
        if (mirror != null) {
            // The mirror's texts are this row's, the other way round.
            emitPair(mirrorId, mirror, pairId, row.getRejected(), row.getChosen(), row);
        }
    }

    private void emitPair(
            String pairId, PairIn row, @Nullable String mirrorId, String chosen, String rejected, PairIn texts) {
        List<Message> history = history(texts);
        emit(
                Topics.PAIRS,
                pairId,
                Pair.newBuilder()
                        .setPairId(pairId)
                        .setMatchId(PairIdentity.matchId(history, chosen, rejected))
                        .setPromptGroup(PairIdentity.promptGroup(history))
                        .setHistory(history.stream()
                                .map(turn -> new io.prefstream.wire.Message(turn.role(), turn.content()))
                                .toList())
                        .setChosen(chosen)
                        .setRejected(rejected)
                        .setBatch(row.getBatch())
                        .setOrdinal(row.getOrdinal())
                        .setFile(row.getFile())
                        .setLine(row.getLine())
                        .setSourceId(row.getSourceId() == null ? place(row) : row.getSourceId())
                        .setMirrorPairId(mirrorId)
                        .setExtra(row.getExtra())
                        .setProvenance(PairProvenance.newBuilder()
                                .setStage("ingest")
                                .setStageVersion("1")
                                .setConfigHash(configHash)
                                .build())
                        .build());
    }

    private void refuse(PairIn row, @Nullable String pairId, String rule, String reason) {
        emit(
                Topics.REJECTED_INPUT,
                row.getBatch() + "/" + row.getOrdinal(),
                RejectedInput.newBuilder()
                        .setBatch(row.getBatch())
                        .setOrdinal(row.getOrdinal())
                        .setFile(row.getFile())
                        .setLine(row.getLine())
                        .setSourceId(row.getSourceId())
                        .setPairId(pairId)
                        .setRule(rule)
                        .setReason(reason)
                        .build());
    }

    private static boolean isSameRow(PairIn a, PairIn b) {
        return a.getBatch().equals(b.getBatch()) && a.getOrdinal() == b.getOrdinal();
    }

    private static String place(PairIn row) {
        return row.getFile() + ":" + row.getLine();
    }

    private static PairIn withoutTexts(PairIn row) {
        return PairIn.newBuilder(row)
                .setHistory(List.of())
                .setChosen(null)
                .setRejected(null)
                .build();
    }

    static List<Message> history(PairIn row) {
        return row.getHistory().stream()
                .map(turn -> new Message(turn.getRole(), turn.getContent()))
                .toList();
    }
}
