package io.prefstream.kit.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Serdes for stores: bare Avro without a registry, since a stage alone reads its own stores. Thread-safe. */
public final class StoreSerdes {

    static {
        TrustedRecords.trust();
    }

    private StoreSerdes() {}

    /** Serde for one of our record types. */
    public static <T extends SpecificRecord> Serde<T> avro(Class<T> type) {
        Schema schema = SpecificData.get().getSchema(type);
        SpecificData data = SpecificData.getForClass(type);
        Serializer<T> write = (name, value) -> value == null ? null : bytes(schema, data, value);
        Deserializer<T> read =
                (name, bytes) -> bytes == null ? null : value(new SpecificDatumReader<T>(schema, schema, data), bytes);
        return Serdes.serdeFrom(write, read);
    }

    private static <T> byte[] bytes(Schema schema, SpecificData data, T value) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(256);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<T>(schema, data).write(value, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T value(SpecificDatumReader<T> reader, byte[] bytes) {
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
            return reader.read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
