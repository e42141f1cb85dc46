package io.prefstream.ingest.processor;

import io.prefstream.core.cleaning.BenchmarkPrompts;
import io.prefstream.core.pair.Message;
import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.kit.stage.Task;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.BenchmarkItem;
import io.prefstream.wire.Contamination;
import io.prefstream.wire.PairIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out pairs that share text with a benchmark. Every task holds the items of all benchmarks, and the texts of its
 * pairs: items that come later are held against these, all that have come together in one walk, which goes in slices, each
 * in one transaction with the place reached.
 */
final class Decontamination {

    /** Items of benchmarks, by key. */
    static final Store<BenchmarkItem> ITEMS =
            new Store<>("benchmark-items", StoreSerdes.avro(BenchmarkItem.class), false);

    /** Keys of items that old pairs have not been held against, with their walk: next or now. */
    static final Store<String> UNCHECKED = new Store<>("unchecked-items", Serdes.String(), true);

    /** Last pair that the walk has reached. */
    static final Store<String> REACHED = new Store<>("walk-reached", Serdes.String(), true);

    /** Texts of the pairs of this task, by pair id. */
    static final Store<PairIn> TEXTS = new Store<>("texts", StoreSerdes.avro(PairIn.class), false);

    private static final String NOW = "now";
    private static final String NEXT = "next";
    private static final int SLICE = 200;

    private final Task task;
    private final KeyValueStore<String, BenchmarkItem> items;
    private final KeyValueStore<String, String> unchecked;
    private final KeyValueStore<String, String> reached;
    private final KeyValueStore<String, PairIn> texts;
    private final BenchmarkPrompts prompts = new BenchmarkPrompts();
    private @Nullable BenchmarkPrompts walking;
    private boolean itemsCome;

    Decontamination(Task task) {
        this.task = task;
        items = task.store(ITEMS);
        unchecked = task.store(UNCHECKED);
        reached = task.store(REACHED);
        texts = task.store(TEXTS);
        try (KeyValueIterator<String, BenchmarkItem> all = items.all()) {
            all.forEachRemaining(entry -> add(prompts, entry.value));
        }
    }

    /** What a row shares with a benchmark; null when it shares nothing. */
    BenchmarkPrompts.@Nullable Hit find(List<Message> history, PairIn row) {
        return prompts.find(history, String.valueOf(row.getChosen()), String.valueOf(row.getRejected()));
    }

    /** Keeps the texts of a pair for benchmarks to come. */
    void keep(String pairId, PairIn row) {
        texts.put(pairId, PairIn.newBuilder(row).setExtra(Map.of()).build());
    }

    /** Takes in an item; one that is known already changes nothing. */
    void item(String key, BenchmarkItem item) {
        if (items.get(key) != null) {
            return;
        }
        items.put(key, item);
        add(prompts, item);
        unchecked.put(key, NEXT);
        itemsCome = true;
        task.later();
    }

    /** Goes on with the walk; a new one begins once no more items have come since the last call. */
    void step() {
        if (itemsCome) {
            itemsCome = false;
            return;
        }
        List<String> now = keys(NOW);
        if (now.isEmpty()) {
            now = keys(NEXT);
            if (now.isEmpty()) {
                return;
            }
            now.forEach(key -> unchecked.put(key, NOW));
            walking = null;
        }
        if (walking == null) {
            walking = new BenchmarkPrompts();
            for (String key : now) {
                add(walking, items.get(key));
            }
        }
        if (walk(walking)) {
            now.forEach(unchecked::delete);
            reached.delete(NOW);
            walking = null;
            task.done(Topics.BENCHMARK_ITEMS.name(), now.size());
        }
    }

    /** Holds the next pairs against the items, and says whether these were the last. */
    private boolean walk(BenchmarkPrompts against) {
        String place = reached.get(NOW);
        int done = 0;
        try (KeyValueIterator<String, PairIn> rest = texts.range(place, null)) {
            while (rest.hasNext()) {
                var next = rest.next();
                if (next.key.equals(place)) {
                    continue;
                }
                if (done++ == SLICE) {
                    return false;
                }
                check(next.key, next.value, against);
                reached.put(NOW, next.key);
            }
        }
        return true;
    }

    private void check(String pairId, PairIn row, BenchmarkPrompts against) {
        BenchmarkPrompts.Hit hit = against.find(
                IngestProcessor.history(row), String.valueOf(row.getChosen()), String.valueOf(row.getRejected()));
        if (hit != null) {
            task.emit(
                    Topics.CONTAMINATIONS,
                    pairId,
                    new Contamination(pairId, hit.benchmark(), hit.item(), hit.shared()));
        }
    }

    private List<String> keys(String walk) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, String> all = unchecked.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value.equals(walk)) {
                    keys.add(entry.key);
                }
            });
        }
        return keys;
    }

    private static void add(BenchmarkPrompts to, BenchmarkItem item) {
        to.add(item.getBenchmark(), item.getItem(), item.getPrompt());
    }
}
