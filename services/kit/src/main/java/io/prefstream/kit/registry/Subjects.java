package io.prefstream.kit.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.jspecify.annotations.Nullable;

/** The state of a schema registry: subjects, versions, ids and compatibility levels. Not thread-safe; no I/O. */
final class Subjects {

    /** Level of a registry that nobody has configured. */
    static final String DEFAULT_LEVEL = "FULL_TRANSITIVE";

    /** One registered version. */
    record Version(String subject, int version, int id, String schema) {}

    private final TreeMap<String, List<Version>> bySubject = new TreeMap<>();
    private final Map<Integer, String> byId = new TreeMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, String> levels = new HashMap<>();

    /** Puts back a version that was registered before. */
    void restore(Version version) {
        List<Version> versions = bySubject.computeIfAbsent(version.subject(), s -> new ArrayList<>());
        versions.removeIf(v -> v.version() == version.version());
        versions.add(version);
        byId.put(version.id(), version.schema());
        ids.put(version.schema(), version.id());
    }

    /** The version of a subject that has this schema. */
    Optional<Version> find(String subject, String schema) {
        return versions(subject).stream().filter(v -> v.schema().equals(schema)).findFirst();
    }

    /** The version that a new schema would be; the same schema has one id in all subjects. */
    Version next(String subject, String schema) {
        int id = ids.getOrDefault(
                schema, byId.keySet().stream().mapToInt(i -> i).max().orElse(0) + 1);
        return new Version(
                subject,
                versions(subject).stream().mapToInt(Version::version).max().orElse(0) + 1,
                id,
                schema);
    }

    /** Why a schema may not follow on those of its subject; empty when it may. */
    Optional<String> incompatibility(String subject, Schema schema) {
        SchemaValidator validator = validator(level(subject));
        if (validator == null) {
            return Optional.empty();
        }
        List<Schema> before = new ArrayList<>();
        for (Version version : versions(subject).reversed()) {
            before.add(new Schema.Parser().parse(version.schema()));
        }
        try {
            validator.validate(schema, before);
            return Optional.empty();
        } catch (SchemaValidationException | AvroRuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable SchemaValidator validator(String level) {
        SchemaValidatorBuilder builder = new SchemaValidatorBuilder();
        SchemaValidatorBuilder strategy = switch (level.replace("_TRANSITIVE", "")) {
            case "BACKWARD" -> builder.canReadStrategy();
            case "FORWARD" -> builder.canBeReadStrategy();
            case "FULL" -> builder.mutualReadStrategy();
            default -> null;
        };
        if (strategy == null) {
            return null;
        }
        return level.endsWith("_TRANSITIVE") ? strategy.validateAll() : strategy.validateLatest();
    }

    List<String> subjects() {
        return List.copyOf(bySubject.keySet());
    }

    /** Versions of a subject, oldest first; empty when it is unknown. */
    List<Version> versions(String subject) {
        return bySubject.getOrDefault(subject, List.of());
    }

    @Nullable
    String schema(int id) {
        return byId.get(id);
    }

    /** Level in force for a subject; the empty subject is the registry's own. */
    String level(String subject) {
        return levels.getOrDefault(subject, levels.getOrDefault("", DEFAULT_LEVEL));
    }

    void setLevel(String subject, String level) {
        levels.put(subject, level);
    }
}
