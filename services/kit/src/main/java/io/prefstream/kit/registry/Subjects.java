package io.prefstream.kit.registry;

import java.util.ArrayList;
import java.util.Comparator;
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

    /** One registered version; a deleted one is hidden, but keeps its number and its id until it is erased. */
    record Version(String subject, int version, int id, String schema, boolean deleted) {
        Version asDeleted() {
            return new Version(subject, version, id, schema, true);
        }
    }

    private final TreeMap<String, List<Version>> bySubject = new TreeMap<>();
    private final Map<Integer, String> byId = new TreeMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, String> levels = new HashMap<>();
    private int lastId;

    /** Puts a version in its place: a new one, one that was registered before, or one that is now deleted. */
    void restore(Version version) {
        List<Version> versions = bySubject.computeIfAbsent(version.subject(), s -> new ArrayList<>());
        versions.removeIf(v -> v.version() == version.version());
        versions.add(version);
        versions.sort(Comparator.comparingInt(Version::version));
        byId.put(version.id(), version.schema());
        ids.put(version.schema(), version.id());
        lastId = Math.max(lastId, version.id());
    }

    /** Forgets a version, and its schema unless another has it; the id is not given again. */
    void erase(String subject, int number) {
        List<Version> versions = bySubject.getOrDefault(subject, new ArrayList<>());
        for (Version gone : List.copyOf(versions)) {
            if (gone.version() == number) {
                versions.remove(gone);
                if (bySubject.values().stream().flatMap(List::stream).noneMatch(v -> v.id() == gone.id())) {
                    byId.remove(gone.id());
                    ids.remove(gone.schema());
                }
            }
        }
        if (versions.isEmpty()) {
            bySubject.remove(subject);
        }
    }

    /** The latest version of a subject that has this schema. */
    Optional<Version> find(String subject, String schema, boolean deleted) {
        return versions(subject, deleted).reversed().stream()
                .filter(v -> v.schema().equals(schema))
                .findFirst();
    }

    /** The version that a new schema would be; the same schema has one id in all subjects. */
    Version next(String subject, String schema) {
        int last = versions(subject, true).stream()
                .mapToInt(Version::version)
                .max()
                .orElse(0);
        return new Version(subject, last + 1, ids.getOrDefault(schema, lastId + 1), schema, false);
    }

    /** Why a schema may not follow on these versions, oldest first, by the subject's level; empty when it may. */
    Optional<String> incompatibility(String subject, Schema schema, List<Version> versions) {
        SchemaValidator validator = validator(level(subject));
        if (validator == null) {
            return Optional.empty();
        }
        List<Schema> before = new ArrayList<>();
        for (Version version : versions.reversed()) {
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

    /** Names of the subjects, in order; with {@code deleted}, of those too that have no other versions. */
    List<String> subjects(boolean deleted) {
        return bySubject.keySet().stream()
                .filter(s -> !versions(s, deleted).isEmpty())
                .toList();
    }

    /** Versions of a subject, oldest first; empty when it is unknown. */
    List<Version> versions(String subject, boolean deleted) {
        return bySubject.getOrDefault(subject, List.of()).stream()
                .filter(v -> deleted || !v.deleted())
                .toList();
    }

    @Nullable
    String schema(int id) {
        return byId.get(id);
    }

    /** Level in force for a subject; the empty subject is the registry's own. */
    String level(String subject) {
        return levels.getOrDefault(subject, levels.getOrDefault("", DEFAULT_LEVEL));
    }

    /** The level set for a subject itself. */
    @Nullable
    String ownLevel(String subject) {
        return levels.get(subject);
    }

    void clearLevel(String subject) {
        levels.remove(subject);
    }

    void setLevel(String subject, String level) {
        levels.put(subject, level);
    }
}
