package io.prefstream.models.encoder;

import ai.djl.MalformedModelException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.prefstream.models.engine.DjlSetup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2, int8, through DJL's ONNX Runtime engine: one text a call, no padding, one thread a call. Vectors are
 * mean-pooled over all tokens and of length 1. Thread-safe; as many callers as cores is best on a CPU.
 */
public final class Encoder implements AutoCloseable {

    /** Numbers in a vector. */
    public static final int DIMENSIONS = 384;

    /** Most tokens of a text, the two marks at its ends included. */
    public static final int MAX_TOKENS = 256;

    private static final String NAME = "all-minilm-l6-v2-q";
    private static @Nullable Encoder shared;

    private final HuggingFaceTokenizer tokenizer;
    private final ZooModel<long[], float[]> model;
    private final ConcurrentLinkedQueue<Predictor<long[], float[]>> idle = new ConcurrentLinkedQueue<>();
    private final List<Predictor<long[], float[]>> all = new ArrayList<>();
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private Encoder(HuggingFaceTokenizer tokenizer, ZooModel<long[], float[]> model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /** The JVM's one encoder, loaded on the first call from the model that ships in a jar. */
    public static synchronized Encoder miniLm() {
        if (shared == null || shared.closed) {
            shared = load();
        }
        return shared;
    }

    /** Closes the JVM's encoder if there is one, after the calls under way; before the JVM's own hooks take it away. */
    public static synchronized void closeShared() {
        if (shared != null) {
            shared.close();
        }
    }

    private static Encoder load() {
        DjlSetup.apply();
        try {
            Path folder = Files.createTempDirectory("prefstream-encoder");
            Path onnx = folder.resolve("model.onnx");
            Path json = folder.resolve("tokenizer.json");
            copy(NAME + ".onnx", onnx);
            copy(NAME + "-tokenizer.json", json);
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(json)
                    .optAddSpecialTokens(false)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
            ZooModel<long[], float[]> model = Criteria.builder()
                    .setTypes(long[].class, float[].class)
                    .optModelPath(onnx)
                    .optEngine("OnnxRuntime")
                    .optOption("interOpNumThreads", "1")
                    .optOption("intraOpNumThreads", "1")
                    .optTranslator(new MeanPooling())
                    .build()
                    .loadModel();
            Files.delete(json);
            Files.delete(onnx);
            Files.delete(folder);
            return new Encoder(tokenizer, model);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the encoder", e);
        } catch (ModelNotFoundException | MalformedModelException e) {
            throw new IllegalStateException("cannot load the encoder: " + e.getMessage(), e);
        }
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = Encoder.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is not on the class path");
            }
            Files.copy(in, to);
        }
    }

    /** Name and revision of model and pooling. */
    public String revision() {
        return NAME + "/mean/1";
    }

    /** Token ids of a text, without marks at its ends and uncut. */
    public long[] tokens(String text) {
        return tokenizer.encode(text, false, false).getIds();
    }

    /**
     * The vector of a text.
     *
     * @param tokens ids with the marks at both ends, at most {@link #MAX_TOKENS}
     * @return {@link #DIMENSIONS} numbers of length 1
     */
    public float[] encode(long[] tokens) {
        if (tokens.length > MAX_TOKENS) {
            throw new IllegalArgumentException(tokens.length + " tokens, and the encoder takes " + MAX_TOKENS);
        }
        closing.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the encoder is closed");
            }
            Predictor<long[], float[]> predictor = idle.poll();
            if (predictor == null) {
                predictor = model.newPredictor();
                synchronized (all) {
                    all.add(predictor);
                }
            }
            try {
                return predictor.predict(tokens);
            } finally {
                idle.add(predictor);
            }
        } catch (TranslateException e) {
            throw new IllegalStateException("the encoder failed", e);
        } finally {
            closing.readLock().unlock();
        }
    }

    @Override
    public void close() {
        closing.writeLock().lock(); // waits for calls under way
        try {
            if (!closed) {
                closed = true;
                all.forEach(Predictor::close);
                model.close();
                tokenizer.close();
            }
        } finally {
            closing.writeLock().unlock();
        }
    }

    /** One text in, one pooled vector out. */
    private static final class MeanPooling implements NoBatchifyTranslator<long[], float[]> {

        @Override
        public NDList processInput(TranslatorContext context, long[] tokens) {
            Shape shape = new Shape(1, tokens.length);
            long[] ones = new long[tokens.length];
            Arrays.fill(ones, 1);
            NDArray ids = context.getNDManager().create(LongBuffer.wrap(tokens), shape, DataType.INT64);
            NDArray mask = context.getNDManager().create(LongBuffer.wrap(ones), shape, DataType.INT64);
            NDArray types =
                    context.getNDManager().create(LongBuffer.wrap(new long[tokens.length]), shape, DataType.INT64);
            ids.setName("input_ids");
            mask.setName("attention_mask");
            types.setName("token_type_ids");
            return new NDList(ids, mask, types);
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList list) {
            float[] hidden = list.getFirst().toFloatArray();
            int tokens = hidden.length / DIMENSIONS;
            double[] sum = new double[DIMENSIONS];
            for (int t = 0; t < tokens; t++) {
                for (int j = 0; j < DIMENSIONS; j++) {
                    sum[j] += hidden[t * DIMENSIONS + j];
                }
            }
            double squares = 0;
            for (double s : sum) {
                squares += s * s;
            }
            double norm = Math.sqrt(squares);
            float[] vector = new float[DIMENSIONS];
            for (int j = 0; j < DIMENSIONS; j++) {
                vector[j] = norm > 0 ? (float) (sum[j] / norm) : 0;
            }
            return vector;
        }

        @Override
        public @Nullable Batchifier getBatchifier() {
            return null;
        }
    }
}
