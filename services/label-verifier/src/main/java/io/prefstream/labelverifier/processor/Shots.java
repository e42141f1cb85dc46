package io.prefstream.labelverifier.processor;

import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.wire.ExampleMessage;
import io.prefstream.wire.JudgeExample;
import io.prefstream.wire.Label;
import io.prefstream.wire.LabelOutcome;
import io.prefstream.wire.Pair;
import io.prefstream.wire.PairAttributes;
import io.prefstream.wire.PairEmbedding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Pairs that people have decided, which judges are shown: every one of them, whichever partition it is of. */
final class Shots {

    static final Store<JudgeExample> EXAMPLES = new Store<>("examples", StoreSerdes.avro(JudgeExample.class), true);

    private static final int MOST = 8;

    private final KeyValueStore<String, JudgeExample> examples;

    Shots(KeyValueStore<String, JudgeExample> examples) {
        this.examples = examples;
    }

    void put(JudgeExample example) {
        examples.put(example.getPairId(), example);
    }

    /** A pair as an example. */
    static JudgeExample example(Label label, Pair pair, PairAttributes tags, PairEmbedding embedding) {
        return JudgeExample.newBuilder()
                .setPairId(pair.getPairId())
                .setOutcome(label.getOutcome())
                .setHistory(pair.getHistory().stream()
                        .map(m -> new ExampleMessage(m.getRole(), m.getContent()))
                        .toList())
                .setChosen(pair.getChosen())
                .setRejected(pair.getRejected())
                .setAttributes(Questions.words(tags))
                .setVector(embedding.getVector().duplicate())
                .build();
    }

    /** The decided pairs nearest to one, itself left out, the nearest first. */
    List<JudgeExample> nearest(String pairId, ByteBuffer vector) {
        record Near(JudgeExample example, long dot) {}
        List<Near> near = new ArrayList<>();
        try (KeyValueIterator<String, JudgeExample> all = examples.all()) {
            all.forEachRemaining(entry -> {
                LabelOutcome outcome = entry.value.getOutcome();
                boolean decided = outcome == LabelOutcome.CHOSEN || outcome == LabelOutcome.REJECTED;
                if (decided && !entry.key.equals(pairId)) {
                    near.add(new Near(entry.value, dot(vector, entry.value.getVector())));
                }
            });
        }
        return near.stream()
                .sorted(Comparator.comparingLong(Near::dot)
                        .reversed()
                        .thenComparing(n -> n.example().getPairId()))
                .limit(MOST)
                .map(Near::example)
                .toList();
    }

    private static long dot(ByteBuffer a, ByteBuffer b) {
        long sum = 0;
        for (int i = 0; i < Math.min(a.remaining(), b.remaining()); i++) {
            sum += a.get(a.position() + i) * b.get(b.position() + i);
        }
        return sum;
    }
}
