package io.prefstream.models.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch of rows in, the raw scores of each row's texts out: what the head gives, without a sigmoid. */
final class RowTranslator implements NoBatchifyTranslator<Batch, float[][]> {

    private static final String BATCH = "batch";

    private final ModelFolder.Card card;

    RowTranslator(ModelFolder.Card card) {
        this.card = card;
    }

    @Override
    public NDList processInput(TranslatorContext context, Batch batch) {
        List<Row> rows = batch.rows();
        context.setAttachment(BATCH, batch);
        int tokens = rows.stream().mapToInt(Row::tokens).max().orElse(0);
        int answers = rows.stream().mapToInt(row -> row.ends().length).max().orElse(0);
        NDList list = new NDList();
        for (String name : card.inputs()) {
            NDArray array = switch (name) {
                case "input_ids" -> longs(context, rows, tokens, padding(), Row::ids);
                case "position_ids" -> longs(context, rows, tokens, 0, Row::positions);
                case "segments" -> longs(context, rows, tokens, -1, Row::segments);
                case "token_type_ids" -> longs(context, rows, tokens, 0, Row::types);
                case "attention_mask" -> longs(context, rows, tokens, 0, Row::mask);
                case "ends" -> longs(context, rows, answers, 0, row -> row.scoredTokens(card.padTokenId()));
                default ->
                    throw new ModelRefused(
                            card.name() + " has the input " + name + ", which is none of a sequence classifier's");
            };
            array.setName(name);
            list.add(array);
        }
        return list;
    }

    private long padding() {
        return card.padTokenId() == null ? 0 : card.padTokenId();
    }

    private interface Column {
        long[] of(Row row);
    }

    /** One array of {@code rows x width}, filled up at the right. */
    private static NDArray longs(TranslatorContext context, List<Row> rows, int width, long filling, Column column) {
        NDManager manager = context.getNDManager();
        LongBuffer buffer = ByteBuffer.allocateDirect(rows.size() * width * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        long[] padded = new long[width];
        for (Row row : rows) {
            long[] values = column.of(row);
            System.arraycopy(values, 0, padded, 0, values.length);
            Arrays.fill(padded, values.length, width, filling);
            buffer.put(padded);
        }
        buffer.rewind();
        return manager.create(buffer, new Shape(rows.size(), width), DataType.INT64);
    }

    @Override
    public float[][] processOutput(TranslatorContext context, NDList list) {
        List<Row> rows = ((Batch) context.getAttachment(BATCH)).rows();
        float[] flat = list.getFirst().toFloatArray();
        int width = flat.length / rows.size();
        float[][] scores = new float[rows.size()][];
        for (int r = 0; r < scores.length; r++) {
            scores[r] =
                    Arrays.copyOfRange(flat, r * width, r * width + rows.get(r).ends().length);
        }
        return scores;
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
        return null;
    }
}
