package io.prefstream.kit.run;

import io.prefstream.kit.stage.Wire;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.wire.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/** Turns a record that cannot be read into a dead letter that holds its bytes, and goes on. */
public final class DeadLetterOnBadBytes implements DeserializationExceptionHandler {

    static final String STAGE = "prefstream.dead.letters.stage";
    static final String PREFIX = "prefstream.dead.letters.prefix";
    static final String WIRE = "prefstream.dead.letters.wire";

    private String stage = "";
    private String prefix = "";
    private @Nullable Wire wire;

    @Override
    public void configure(Map<String, ?> configs) {
        stage = String.valueOf(configs.get(STAGE));
        prefix = String.valueOf(configs.get(PREFIX));
        wire = (Wire) configs.get(WIRE);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        byte[] value = record.value();
        byte[] key = record.key();
        String name = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        DeadLetter letter = DeadLetter.newBuilder()
                .setStage(stage)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setKind("deserialization")
                .setError(exception.getClass().getSimpleName())
                .setPairId(name)
                .setValue(value == null || value.length > Topic.MAX_BYTES / 2 ? null : ByteBuffer.wrap(value))
                .build();
        Topic<DeadLetter> topic = Topics.deadLetters(stage);
        String to = prefix + topic.name();
        if (wire == null) {
            throw new IllegalStateException("the handler was not configured");
        }
        byte[] bytes = wire.topicSerde(to, DeadLetter.class).serializer().serialize(to, letter);
        return Response.resume(List.of(new ProducerRecord<>(to, key, bytes)));
    }
}
