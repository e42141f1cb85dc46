package io.prefstream.attributetagger.app;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.attributetagger.domain.Classifier;
import io.prefstream.attributetagger.domain.Prototype;
import io.prefstream.attributetagger.domain.Rule;
import io.prefstream.attributetagger.processor.Tagger;
import io.prefstream.core.pair.Message;
import io.prefstream.models.encoder.Encoder;
import io.prefstream.models.encoder.EncoderInput;
import io.prefstream.models.encoder.VectorCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Tags without a language model: rules and likeness to labelled prototypes, on the last user turn. One for the whole JVM. */
public final class BuiltInTagger implements Tagger, AutoCloseable {

    private final VectorCache cache;
    private final CompletableFuture<Classifier> classifier;
    private volatile boolean closed;

    /** A tagger that begins to encode its prototypes at once, beside whoever made it. */
    public BuiltInTagger(VectorCache cache) {
        this.cache = cache;
        this.classifier = CompletableFuture.supplyAsync(this::load);
    }

    private Classifier load() {
        List<Prototype> prototypes = Prototype.parse(lines("prototypes-1.tsv"));
        return new Classifier(
                rules(),
                prototypes,
                prototypes.stream().map(p -> vector(p.prompt())).toList());
    }

    static List<Rule> rules() {
        return Rule.parse(lines("rules-2.tsv"));
    }

    @Override
    public Attributes tags(List<Message> history) {
        String turn = history.stream()
                .filter(m -> m.role().equals("user"))
                .map(Message::content)
                .reduce("", (before, now) -> now);
        return classifier.join().of(turn, vector(turn));
    }

    private float[] vector(String turn) {
        if (closed) {
            throw new IllegalStateException("the tagger is closed");
        }
        EncoderInput input = EncoderInput.ofTurn(Encoder.miniLm(), turn);
        return cache.get(input.hash(), () -> Encoder.miniLm().encode(input.tokens()));
    }

    /** Waits until nothing of it runs, so that the encoder may be closed. */
    @Override
    public void close() {
        closed = true;
        classifier.handle((done, fault) -> true).join();
    }

    private static List<String> lines(String resource) {
        String name = "/io/prefstream/attributetagger/" + resource;
        try (InputStream in = Objects.requireNonNull(BuiltInTagger.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
