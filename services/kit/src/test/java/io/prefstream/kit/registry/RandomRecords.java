package io.prefstream.kit.registry;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.pulsar.kafka.shade.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * Random values of any schema, as plain maps, lists and boxes; and records made of them, ours by the generated classes and
 * generic ones of the Avro that the real serializer carries. Both are built from the same plain value, neither from the other.
 */
final class RandomRecords {

    private static final int[] CODE_POINTS = {0, '\n', '"', 'a', 'ß', 0x4e00, 0x1f600, 0x10ffff};

    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    /** A plain value of a schema; null only where the schema has it. */
    @Nullable
    Object plain(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                schema.getFields().forEach(field -> fields.put(field.name(), plain(field.schema())));
                yield fields;
            }
            case ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(plain(schema.getElementType()));
                }
                yield items;
            }
            case MAP -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put(text() + i, plain(schema.getValueType()));
                }
                yield entries;
            }
            case UNION ->
                plain(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case ENUM ->
                schema.getEnumSymbols()
                        .get(random.nextInt(schema.getEnumSymbols().size()));
            case STRING -> text();
            case BYTES -> bytes(random.nextInt(40));
            case FIXED -> throw new IllegalArgumentException("no schema of ours has a fixed type");
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG ->
                schema.getLogicalType() == null
                        ? (Object) (random.nextLong() >> random.nextInt(64))
                        : (Object) random.nextLong(4_000_000_000_000L);
            case FLOAT -> Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> random.nextInt(8) == 0 ? Double.NEGATIVE_INFINITY : random.nextGaussian();
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A plain value as a record of our generated class. */
    static SpecificRecord ours(Schema schema, @Nullable Object plain) {
        return (SpecificRecord) requireValue(ourValue(schema, plain));
    }

    private static @Nullable Object ourValue(Schema schema, @Nullable Object plain) {
        return switch (schema.getType()) {
            case RECORD -> {
                IndexedRecord made = (IndexedRecord) SpecificData.get().newRecord(null, schema);
                schema.getFields()
                        .forEach(field ->
                                made.put(field.pos(), ourValue(field.schema(), ((Map<?, ?>) plain).get(field.name()))));
                yield made;
            }
            case ARRAY -> mapped((List<?>) requireValue(plain), item -> ourValue(schema.getElementType(), item));
            case MAP -> mapped((Map<?, ?>) requireValue(plain), value -> ourValue(schema.getValueType(), value));
            case UNION -> plain == null ? null : ourValue(branch(schema), plain);
            case ENUM -> SpecificData.get().createEnum((String) plain, schema);
            case BYTES -> ByteBuffer.wrap((byte[]) plain);
            case LONG ->
                schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                        ? Instant.ofEpochMilli((Long) plain)
                        : plain;
            default -> plain;
        };
    }

    /** A plain value as a generic record of the relocated Avro, whose schema was parsed from the registered text. */
    static Object theirs(org.apache.pulsar.kafka.shade.avro.Schema schema, @Nullable Object plain) {
        return requireValue(theirValue(schema, plain));
    }

    private static @Nullable Object theirValue(
            org.apache.pulsar.kafka.shade.avro.Schema schema, @Nullable Object plain) {
        return switch (schema.getType()) {
            case RECORD -> {
                var made = new GenericData.Record(schema);
                schema.getFields()
                        .forEach(field -> made.put(
                                field.pos(), theirValue(field.schema(), ((Map<?, ?>) plain).get(field.name()))));
                yield made;
            }
            case ARRAY -> mapped((List<?>) requireValue(plain), item -> theirValue(schema.getElementType(), item));
            case MAP -> mapped((Map<?, ?>) requireValue(plain), value -> theirValue(schema.getValueType(), value));
            case UNION ->
                plain == null
                        ? null
                        : theirValue(
                                schema.getTypes().stream()
                                        .filter(t -> t.getType() != org.apache.pulsar.kafka.shade.avro.Schema.Type.NULL)
                                        .findFirst()
                                        .orElseThrow(),
                                plain);
            case ENUM -> new GenericData.EnumSymbol(schema, (String) plain);
            case BYTES -> ByteBuffer.wrap((byte[]) plain);
            default -> plain;
        };
    }

    private static Schema branch(Schema union) {
        return union.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .findFirst()
                .orElseThrow();
    }

    private static List<@Nullable Object> mapped(List<?> items, UnaryOperator<@Nullable Object> each) {
        List<@Nullable Object> made = new ArrayList<>();
        items.forEach(item -> made.add(each.apply(item)));
        return made;
    }

    private static Map<String, @Nullable Object> mapped(Map<?, ?> entries, UnaryOperator<@Nullable Object> each) {
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        entries.forEach((key, value) -> made.put((String) key, each.apply(value)));
        return made;
    }

    private static Object requireValue(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }
}
