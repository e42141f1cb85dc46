package io.prefstream.trainer.processor;

import io.prefstream.core.agreement.AgreementBoard;
import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.AgreementBoard.Line;
import io.prefstream.core.agreement.RaterKind;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.trainer.domain.Casts;
import io.prefstream.wire.Agreement;
import io.prefstream.wire.Annotator;
import io.prefstream.wire.Vote;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The live view of agreement: takes in votes, and publishes the figures that have changed. It holds the votes in memory, and
 * builds its sums anew from the store when the task starts.
 */
final class AgreementView {

    /** Votes in force, by the order in which they came. */
    static final Store<Vote> CAST = new Store<>("cast", StoreSerdes.avro(Vote.class), false);

    /** How many votes have been taken in since the last publication, under one key. */
    static final Store<Long> UNPUBLISHED = new Store<>("unpublished", Serdes.Long(), true);

    private static final String VOTES = "votes";

    /** Where figures go. */
    interface Sink {
        void emit(Topic<?> topic, String key, SpecificRecord value);
    }

    private record Who(RaterKind kind, String annotator) implements Comparable<Who> {
        @Override
        public int compareTo(Who other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : annotator.compareTo(other.annotator);
        }

        String key() {
            return kind.name().toLowerCase(Locale.ROOT) + "/" + annotator;
        }
    }

    private final KeyValueStore<String, Vote> cast;
    private final KeyValueStore<String, Long> unpublished;
    private final AgreementBoard board = new AgreementBoard();
    private final Map<String, Map<String, Who>> pairs = new HashMap<>(); // who has voted on a pair, by vote
    private final Map<String, String> places = new HashMap<>(); // key in the store, by pair and vote
    private final TreeSet<Who> changed = new TreeSet<>();
    private final Map<String, SpecificRecord> published = new HashMap<>();
    private long next;

    AgreementView(KeyValueStore<String, Vote> cast, KeyValueStore<String, Long> unpublished) {
        this.cast = cast;
        this.unpublished = unpublished;
        try (KeyValueIterator<String, Vote> all = cast.all()) {
            all.forEachRemaining(entry -> {
                next = Long.parseLong(entry.key) + 1;
                places.put(id(entry.value), entry.key);
                count(entry.value);
            });
        }
    }

    /** Takes in a vote. */
    void take(Vote vote) {
        String before = places.remove(id(vote));
        if (before != null) {
            cast.delete(before);
        }
        String place = String.format(Locale.ROOT, "%019d", next++);
        places.put(id(vote), place);
        cast.put(place, vote);
        count(vote);
        Long waiting = unpublished.get(VOTES);
        unpublished.put(VOTES, waiting == null ? 1 : waiting + 1);
    }

    private static String id(Vote vote) {
        return vote.getPairId() + "/" + vote.getVoteId();
    }

    private void count(Vote vote) {
        Cast of = Casts.of(vote);
        board.put(of);
        Map<String, Who> on = pairs.computeIfAbsent(of.pair(), id -> new HashMap<>(4));
        on.put(of.vote(), new Who(of.kind(), of.annotator()));
        changed.addAll(on.values());
    }

    /** Publishes what has changed; returns how many votes are published with it. */
    long publish(Sink sink) {
        Long waiting = unpublished.get(VOTES);
        if (waiting == null || waiting == 0) {
            return 0;
        }
        for (Line line : board.lines()) {
            String key = line.scope().name().toLowerCase(Locale.ROOT) + "/" + line.category();
            publish(sink, Topics.AGREEMENT, key, record(line));
        }
        for (Who who : changed) {
            publish(sink, Topics.ANNOTATORS, who.key(), record(board.annotator(who.kind, who.annotator)));
        }
        changed.clear();
        unpublished.put(VOTES, 0L);
        return waiting;
    }

    private void publish(Sink sink, Topic<?> topic, String key, SpecificRecord value) {
        SpecificRecord before = published.put(topic.name() + key, value);
        if (!value.equals(before)) {
            sink.emit(topic, key, value);
        }
    }

    /** The figure over all pairs; not a number while it is undefined, as metrics have it. */
    double now(AgreementBoard.Scope scope) {
        Double value = board.coefficient(scope, AgreementBoard.ALL).value();
        return value == null ? Double.NaN : value;
    }

    private static Agreement record(Line line) {
        return new Agreement(
                line.scope().coefficient(),
                line.scope().raters(),
                line.category(),
                line.coefficient().value(),
                line.coefficient().items(),
                line.coefficient().undefined());
    }

    private static Annotator record(AgreementBoard.Annotator of) {
        return Annotator.newBuilder()
                .setAnnotator(of.annotator())
                .setKind(io.prefstream.wire.RaterKind.valueOf(of.kind().name()))
                .setVotes(of.votes())
                .setChosen(of.choices()[0])
                .setRejected(of.choices()[1])
                .setTie(of.choices()[2])
                .setFirst(of.first())
                .setSecond(of.second())
                .setMedianSeconds(of.medianSeconds())
                .setCompared(of.compared())
                .setAgreed(of.agreed())
                .setConfusion(Arrays.stream(of.confusion()).boxed().toList())
                .setAccuracy(of.accuracy())
                .build();
    }
}
