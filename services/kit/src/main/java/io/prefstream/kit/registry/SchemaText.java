package io.prefstream.kit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.apache.avro.Schema;

/** A schema as registered: without {@code avro.java.string}, which only our own generated classes care about. */
public final class SchemaText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaText() {}

    /** The schema as JSON text, the same for every copy of one schema. */
    public static String of(Schema schema) {
        try {
            JsonNode tree = JSON.readTree(schema.toString());
            return JSON.writeValueAsString(strip(tree));
        } catch (IOException e) {
            throw new IllegalStateException("a schema is JSON", e);
        }
    }

    private static JsonNode strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("avro.java.string");
            if (object.size() == 1 && object.path("type").isTextual()) {
                return object.get("type");
            }
            object.fieldNames().forEachRemaining(name -> {
                if (!name.equals("default")) {
                    object.set(name, strip(object.get(name)));
                }
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                ((ArrayNode) node).set(i, strip(node.get(i)));
            }
        }
        return node;
    }
}
