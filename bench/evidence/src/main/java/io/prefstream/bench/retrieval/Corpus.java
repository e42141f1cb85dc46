package io.prefstream.bench.retrieval;

import io.prefstream.attributetagger.app.BuiltInTagger;
import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.core.pair.PairIdentity;
import io.prefstream.core.stats.Hashes;
import io.prefstream.core.stats.Vectors;
import io.prefstream.ingest.client.FileRefused;
import io.prefstream.ingest.client.PairFiles;
import io.prefstream.ingest.domain.Candidate;
import io.prefstream.models.encoder.Encoder;
import io.prefstream.models.encoder.VectorCache;
import io.prefstream.retrieval.app.MiniLmTextFeatures;
import io.prefstream.retrieval.domain.TextFeatures;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Rightly labelled pairs of several public sets as the product sees them: tagged, encoded, with the counts. Encoding takes
 * minutes, so a corpus is kept in a file.
 */
public final class Corpus {

    private static final int FORMAT = 1;

    /**
     * A pair whose chosen answer is the better one.
     *
     * @param set data set
     * @param group pairs of one prompt, which a split keeps together
     * @param entry hash of the (x, a) text
     * @param vector unit vector of (x, a)
     * @param diff raw features of the better answer less those of the other
     */
    public record Item(
            String pairId,
            String set,
            String group,
            String category,
            String objectivity,
            String controversiality,
            String entry,
            float[] vector,
            float[] diff) {}

    private Corpus() {}

    /** The corpus in {@code cache}; first made of the pools' pairs, so many a set, drawn by hash, if it isn't there. */
    public static List<Item> of(Path pools, Path cache, int perSet) throws IOException {
        if (!Files.exists(cache)) {
            Path half = cache.resolveSibling(cache.getFileName() + ".half");
            write(encode(pools, perSet), half);
            Files.move(half, cache, StandardCopyOption.ATOMIC_MOVE);
        }
        return read(cache);
    }

    private static List<Item> encode(Path pools, int perSet) throws IOException {
        List<Item> items = new ArrayList<>();
        try (BuiltInTagger tagger = new BuiltInTagger(VectorCache.shared());
                var folders = Files.list(pools)) {
            for (Path pool : folders.sorted().toList()) {
                long started = System.nanoTime();
                List<Candidate> pairs = pairs(pool.resolve("pairs.jsonl"), perSet);
                TextFeatures texts = new MiniLmTextFeatures();
                for (Candidate pair : pairs) {
                    items.add(item(pool.getFileName().toString(), pair, tagger.tags(pair.history()), texts));
                }
                System.err.printf(
                        Locale.ROOT,
                        "%s: %d pairs in %.0f s%n",
                        pool.getFileName(),
                        pairs.size(),
                        (System.nanoTime() - started) / 1e9);
            }
        } finally {
            Encoder.closeShared();
        }
        return items;
    }

    private static List<Candidate> pairs(Path file, int most) throws IOException {
        List<Candidate> pairs = new ArrayList<>();
        try {
            PairFiles.read(file, row -> {
                if (row instanceof Candidate pair) {
                    pairs.add(pair);
                }
            });
        } catch (FileRefused e) {
            throw new IOException(e.getMessage(), e);
        }
        return pairs.stream()
                .sorted(Comparator.comparing(Candidate::pairId, Hashes.order(0, "bench/corpus")))
                .limit(most)
                .toList();
    }

    private static Item item(String set, Candidate pair, Attributes tags, TextFeatures texts) {
        String objectivity = tags.objective() ? "objective" : "subjective";
        String controversiality = tags.dispute().name().toLowerCase(Locale.ROOT);
        TextFeatures.Entry entry = texts.entry(
                pair.history(),
                new TextFeatures.Attributes(tags.category().label(), objectivity, controversiality, tags.desired()));
        return new Item(
                pair.pairId(),
                set,
                PairIdentity.promptGroup(pair.history()),
                tags.category().label(),
                objectivity,
                controversiality,
                entry.hash(),
                entry.vector(),
                Vectors.minus(
                        texts.answer(pair.history(), pair.chosen()).features(),
                        texts.answer(pair.history(), pair.rejected()).features()));
    }

    private static void write(List<Item> items, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(FORMAT);
            out.writeInt(items.size());
            for (Item item : items) {
                for (String text : List.of(
                        item.pairId,
                        item.set,
                        item.group,
                        item.category,
                        item.objectivity,
                        item.controversiality,
                        item.entry)) {
                    out.writeUTF(text);
                }
                floats(item.vector, out);
                floats(item.diff, out);
            }
        }
    }

    public static List<Item> read(Path file) throws IOException {
        List<Item> items = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readInt() != FORMAT) {
                throw new IOException(file + " is no corpus of this program: delete it");
            }
            for (int left = in.readInt(); left > 0; left--) {
                items.add(new Item(
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        floats(in),
                        floats(in)));
            }
        }
        return items;
    }

    private static void floats(float[] values, DataOutputStream out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
