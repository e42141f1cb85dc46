package io.prefstream.kittest;

import io.prefstream.kit.stage.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
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

/** Bare Avro without a registry, for tests that have none. */
public final class PlainWire implements Wire {

    @Override
    public <T extends SpecificRecord> Serde<T> topicSerde(String topic, Class<T> type) {
        Schema schema = SpecificData.get().getSchema(type);
        Serializer<T> write = (name, value) -> value == null ? null : bytes(schema, value);
        Deserializer<T> read = (name, bytes) -> bytes == null ? null : value(schema, type, bytes);
        return Serdes.serdeFrom(write, read);
    }

    private static <T> byte[] bytes(Schema schema, T value) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new SpecificDatumWriter<T>(schema).write(value, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T value(Schema schema, Class<T> type, byte[] bytes) {
        try {
            SpecificData data = new SpecificData(type.getClassLoader());
            return new SpecificDatumReader<T>(schema, schema, data)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
