package io.prefstream.bench.models;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.prefstream.models.reward.ModelFolder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A decoder's graph on DJL's engine with nothing around it: tokens in, scores out. */
final class BareEngine implements AutoCloseable {

    private final ZooModel<long[][], float[]> model;

    /** Loads the graph; {@code threads} of a call count on ONNX Runtime alone. */
    BareEngine(ModelFolder folder, Device device, int threads) throws Exception {
        model = Criteria.builder()
                .setTypes(long[][].class, float[].class)
                .optModelPath(folder.path().resolve(folder.card().model()))
                .optEngine(folder.card().engine())
                .optDevice(device)
                .optOption("interOpNumThreads", "1")
                .optOption("intraOpNumThreads", Integer.toString(threads))
                .optOption("mapLocation", "true")
                .optTranslator(new PaddedRows())
                .build()
                .loadModel();
    }

    /** Runs batches of rows, so many callers at a time. */
    void run(List<long[][]> batches, int callers) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int first = caller;
                running.add(pool.submit(() -> {
                    try (Predictor<long[][], float[]> predictor = model.newPredictor()) {
                        for (int i = first; i < batches.size(); i += callers) {
                            predictor.predict(batches.get(i));
                        }
                        return first;
                    }
                }));
            }
            for (Future<?> caller : running) {
                caller.get();
            }
        }
    }

    Predictor<long[][], float[]> predictor() {
        return model.newPredictor();
    }

    /** Times a product of two square matrices, and gives operations a second. */
    double matrixProduct(int size) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDArray a = manager.ones(new Shape(size, size), DataType.BFLOAT16);
            NDArray b = manager.ones(new Shape(size, size), DataType.BFLOAT16);
            double best = 0;
            for (int turn = 0; turn < 5; turn++) {
                long started = System.nanoTime();
                for (int i = 0; i < 9; i++) {
                    a.matMul(b).close();
                }
                try (NDArray product = a.matMul(b)) {
                    product.get("0,0").toType(DataType.FLOAT32, true).toFloatArray(); // waits for the device
                }
                best = Math.max(best, 10 * 2.0 * size * size * size / ((System.nanoTime() - started) / 1e9));
            }
            return best;
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private static final class PaddedRows implements NoBatchifyTranslator<long[][], float[]> {
        @Override
        public NDList processInput(TranslatorContext context, long[][] rows) {
            int width = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
            long[][] arrays = new long[3][rows.length * width];
            Arrays.fill(arrays[2], -1);
            long[] ends = new long[rows.length];
            for (int r = 0; r < rows.length; r++) {
                for (int i = 0; i < rows[r].length; i++) {
                    arrays[0][r * width + i] = rows[r][i];
                    arrays[1][r * width + i] = i;
                    arrays[2][r * width + i] = 0;
                }
                ends[r] = rows[r].length - 1L;
            }
            Shape shape = new Shape(rows.length, width);
            NDList list = new NDList();
            for (int i = 0; i < 3; i++) {
                list.add(named(
                        context,
                        arrays[i],
                        shape,
                        List.of("input_ids", "position_ids", "segments").get(i)));
            }
            list.add(named(context, ends, new Shape(rows.length, 1), "ends"));
            return list;
        }

        private static NDArray named(TranslatorContext context, long[] values, Shape shape, String name) {
            NDArray array = context.getNDManager().create(LongBuffer.wrap(values), shape, DataType.INT64);
            array.setName(name);
            return array;
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList list) {
            return list.getFirst().toType(DataType.FLOAT32, false).toFloatArray();
        }

        @Override
        public @Nullable Batchifier getBatchifier() {
            return null;
        }
    }
}
