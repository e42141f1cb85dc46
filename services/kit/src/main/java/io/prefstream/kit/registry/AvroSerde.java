package io.prefstream.kit.registry;

import io.prefstream.kit.stage.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's wire format: a zero byte, the schema's id in 4 bytes, Avro's binary encoding. Subject: the topic's name and
 * {@code -value}. Error messages hold no content. Thread-safe.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {

    private static final int HEADER = 5;

    static {
        TrustedRecords.trust();
        // A forged length must not make the reader reserve memory; our largest record is 16 MiB.
        System.setProperty("org.apache.avro.limits.bytes.maxLength", Integer.toString(32 << 20));
        System.setProperty("org.apache.avro.limits.string.maxLength", Integer.toString(32 << 20));
        System.setProperty("org.apache.avro.limits.collectionItems.maxLength", "4000000");
        System.setProperty("org.apache.avro.limits.decompress.maxLength", Integer.toString(64 << 20));
    }

    private final RegistryClient registry;
    private final Schema schema;
    private final SpecificData data;

    /** A serde for one record type. */
    public AvroSerde(RegistryClient registry, Class<T> type) {
        this.registry = registry;
        this.schema = SpecificData.get().getSchema(type);
        this.data = SpecificData.getForClass(type);
    }

    @Override
    public Serializer<T> serializer() {
        return this::write;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this::read;
    }

    /** Reads any record of this format by the schema that it was written with; for tools that show topics. */
    public static GenericRecord generic(RegistryClient registry, byte[] bytes) {
        Schema writer = registry.byId(id(bytes));
        try {
            return new GenericDatumReader<GenericRecord>(writer)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null));
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "not a record of its schema: " + e.getClass().getSimpleName());
        }
    }

    private byte @Nullable [] write(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(512);
            out.write(0);
            out.write(ByteBuffer.allocate(4)
                    .putInt(registry.register(topic + "-value", schema))
                    .array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<T>(schema, data).write(value, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new SerializationException("cannot write a record of " + topic, e);
        }
    }

    private @Nullable T read(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        Schema writer = registry.byId(id(bytes));
        try {
            return new SpecificDatumReader<T>(writer, schema, data)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new SerializationException("a record of " + topic + " does not match its schema: "
                    + e.getClass().getSimpleName());
        }
    }

    private static int id(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != 0) {
            throw new SerializationException("not in the registry's wire format: no zero byte and schema id");
        }
        return ByteBuffer.wrap(bytes, 1, 4).getInt();
    }
}
