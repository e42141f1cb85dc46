package io.prefstream.models.reward;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.prefstream.core.pair.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A reward model on DJL's ONNX Runtime or PyTorch engine.
 *
 * <p>On a CPU every row is a call of its own, as many at a time as there are instances; on a GPU rows of nearly one length
 * make batches. Answers to one conversation share a row while that saves work ({@link Row#pack}).
 */
public final class DjlRewardModel implements AnswerScorer {

    private final ModelFolder folder;
    private final RewardTokenizer tokenizer;
    private final List<ZooModel<Batch, float[][]>> models;
    private final List<Predictor<Batch, float[][]>> predictors;
    private final BlockingQueue<Predictor<Batch, float[][]>> idle;
    private final ExecutorService workers;
    private final int batchTokens;
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private DjlRewardModel(
            ModelFolder folder, RewardTokenizer tokenizer, List<ZooModel<Batch, float[][]>> models, Hardware hardware) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.models = models;
        predictors = models.stream()
                .flatMap(model -> IntStream.range(0, hardware.instances()).mapToObj(i -> model.newPredictor()))
                .toList();
        idle = new ArrayBlockingQueue<>(predictors.size(), false, predictors);
        workers = Executors.newFixedThreadPool(
                predictors.size(),
                Thread.ofPlatform().name("reward-model-", 0).daemon().factory());
        batchTokens = folder.card().alone() ? 0 : hardware.batchTokens();
    }

    /**
     * Loads a model, once a device, and has it score its golden conversations.
     *
     * @throws ModelRefused when a file is not what was announced, the engine cannot load it, or it misses a golden score
     */
    public static DjlRewardModel load(ModelFolder folder, Hardware hardware) {
        folder.verify();
        if (folder.card().engine().equals(Engines.PYTORCH)) {
            boolean gpu = hardware.devices().getFirst().isGpu();
            if (gpu != folder.card().device().equals("cuda")) {
                throw new ModelRefused(
                        folder.path() + " was converted on " + folder.card().device()
                                + " and runs there alone: convert it with --device " + (gpu ? "cuda" : "cpu"));
            }
        }
        Engines.start(folder.card().engine());
        RewardTokenizer tokenizer = RewardTokenizer.open(folder);
        List<ZooModel<Batch, float[][]>> models = new ArrayList<>();
        try {
            for (Device device : hardware.devices()) {
                models.add(Criteria.builder()
                        .setTypes(Batch.class, float[][].class)
                        .optModelPath(folder.path().resolve(folder.card().model()))
                        .optEngine(folder.card().engine())
                        .optDevice(device)
                        .optOption("interOpNumThreads", "1")
                        .optOption("intraOpNumThreads", Integer.toString(hardware.threads()))
                        .optOption("mapLocation", "true")
                        .optTranslator(new RowTranslator(folder.card()))
                        .build()
                        .loadModel());
            }
            DjlRewardModel model = new DjlRewardModel(folder, tokenizer, models, hardware);
            try {
                GoldenTest.check(model, folder.card());
                return model;
            } catch (UnscorableText | IllegalStateException e) {
                model.close();
                throw new ModelRefused(folder.path() + " cannot score its golden conversations: " + e.getMessage(), e);
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (ModelNotFoundException
                | MalformedModelException
                | IOException
                | EngineException
                | IllegalArgumentException
                | LinkageError e) {
            models.forEach(ZooModel::close);
            tokenizer.close();
            throw new ModelRefused(
                    "the " + folder.card().engine() + " engine cannot load " + folder.path() + ": " + Engines.reason(e),
                    e);
        }
    }

    @Override
    public String id() {
        return folder.id();
    }

    /** The folder that the model was loaded from. */
    public ModelFolder folder() {
        return folder;
    }

    @Override
    public double[] score(List<List<Message>> conversations) {
        return whileOpen(() -> scoreTokens(
                tokenise(conversations.size(), i -> tokens(conversations.get(i), i)), this::rows, batchTokens));
    }

    private RewardTokenizer.Tokens tokens(List<Message> conversation, int place) {
        if (conversation.isEmpty()) {
            throw new UnscorableText(place, "a conversation without a message has no answer to score");
        }
        try {
            return tokenizer.of(conversation);
        } catch (UnscorableText e) {
            throw new UnscorableText(place, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public double[] scoreTexts(List<String> texts) {
        return whileOpen(() ->
                scoreTokens(tokenise(texts.size(), i -> tokenizer.ofText(texts.get(i), i)), this::rows, batchTokens));
    }

    private static List<RewardTokenizer.Tokens> tokenise(int texts, IntFunction<RewardTokenizer.Tokens> tokens) {
        return IntStream.range(0, texts).parallel().mapToObj(tokens).toList();
    }

    private double[] whileOpen(Supplier<double[]> scoring) {
        closing.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the reward model is closed");
            }
            return scoring.get();
        } finally {
            closing.readLock().unlock();
        }
    }

    private double[] scoreTokens(
            List<RewardTokenizer.Tokens> texts, Function<List<RewardTokenizer.Tokens>, List<Row>> rows, int budget) {
        for (int i = 0; i < texts.size(); i++) {
            int tokens = texts.get(i).ids().length;
            if (tokens > folder.card().maxTokens()) {
                throw new UnscorableText(
                        i,
                        String.format(
                                Locale.ROOT,
                                "the text has %,d tokens, and %s takes %,d: shorten it",
                                tokens,
                                folder.card().name(),
                                folder.card().maxTokens()));
            }
            if (tokens == 0) {
                throw new UnscorableText(i, "the text has no token");
            }
        }
        double[] scores = scoreRows(rows.apply(texts), texts.size(), budget);
        int[] doubtful = IntStream.range(0, scores.length)
                .filter(i -> !Double.isFinite(scores[i]))
                .toArray();
        if (doubtful.length > 0) { // in a shared row what overflows in one text spoils the others
            double[] alone = scoreRows(
                    Row.single(Arrays.stream(doubtful).mapToObj(texts::get).toList()), doubtful.length, budget);
            for (int d = 0; d < doubtful.length; d++) {
                scores[doubtful[d]] = finite(alone[d], doubtful[d]);
            }
        }
        return scores;
    }

    private List<Row> rows(List<RewardTokenizer.Tokens> texts) {
        Integer even = folder.card().evenTokens();
        if (folder.card().packed() && even != null) {
            List<long[]> ids = texts.stream().map(RewardTokenizer.Tokens::ids).toList();
            return Row.pack(ids, even, folder.card().maxTokens());
        }
        return Row.single(texts);
    }

    /** Scores of rows' texts; a text that the model cannot score has NaN or an infinity. */
    private double[] scoreRows(List<Row> rows, int texts, int budget) {
        List<Batch> batches = Batch.plan(rows, budget);
        try {
            List<Future<float[][]>> done = workers.invokeAll(batches.stream()
                    .<Callable<float[][]>>map(batch -> () -> predict(batch))
                    .toList());
            double[] scores = new double[texts];
            for (int b = 0; b < batches.size(); b++) {
                float[][] found = done.get(b).get();
                for (int r = 0; r < found.length; r++) {
                    int[] places = batches.get(b).rows().get(r).texts();
                    for (int k = 0; k < places.length; k++) {
                        scores[places[k]] = found[r][k];
                    }
                }
            }
            return scores;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while scoring", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the reward model " + folder.card().name() + " failed: " + Engines.reason(e), e);
        }
    }

    private double finite(double score, int place) {
        if (!Double.isFinite(score)) {
            throw new UnscorableText(place, folder.card().name() + " gives this text the score " + score);
        }
        return score;
    }

    private float[][] predict(Batch batch) throws InterruptedException, TranslateException {
        Predictor<Batch, float[][]> predictor = idle.take();
        try {
            return predictor.predict(batch);
        } finally {
            idle.add(predictor);
        }
    }

    /** Scores of conversations in rows and batches other than those chosen: for the test that the choice does not matter. */
    double[] scoreOtherwise(List<List<Message>> conversations, boolean packed, int budget) {
        return whileOpen(() -> scoreTokens(
                tokenise(conversations.size(), i -> tokens(conversations.get(i), i)),
                texts -> packed && folder.card().packed() ? widest(texts) : Row.single(texts),
                budget));
    }

    /** All that begins alike in one row, whatever it costs. */
    private static List<Row> widest(List<RewardTokenizer.Tokens> texts) {
        List<long[]> ids = texts.stream().map(RewardTokenizer.Tokens::ids).toList();
        int longest = ids.stream().mapToInt(text -> text.length).max().orElse(0);
        return Row.pack(ids, Double.MAX_VALUE, 3 * longest);
    }

    @Override
    public void close() {
        closing.writeLock().lock(); // waits for calls under way
        try {
            if (!closed) {
                closed = true;
                workers.close(); // waits for calls that an interrupted caller has left
                predictors.forEach(Predictor::close);
                models.forEach(ZooModel::close);
                tokenizer.close();
            }
        } finally {
            closing.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return folder.card().name() + " on "
                + Arrays.toString(
                        models.stream().map(m -> m.getNDManager().getDevice()).toArray());
    }
}
