package io.prefstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every schema says what its fields mean, and reads and is read by each released version of itself. */
class SchemaPolicyTest {

    private static final Path NOW = Path.of("src/main/avro");
    private static final Path HISTORY = Path.of("history");

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void documentsEveryRecordFieldAndEnum(String name) throws IOException {
        List<String> silent = new ArrayList<>();
        check(schema(NOW, name), silent, new ArrayList<>());

        assertThat(silent).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void staysCompatibleWithEveryRelease(String name) throws IOException, SchemaValidationException {
        SchemaValidator both = new SchemaValidatorBuilder().mutualReadStrategy().validateAll();
        List<Schema> released = new ArrayList<>();
        try (Stream<Path> versions = Files.list(HISTORY)) {
            for (Path version : versions.filter(Files::isDirectory).sorted().toList()) {
                if (names(version).anyMatch(name::equals)) {
                    released.add(schema(version, name));
                }
            }
        }

        both.validate(schema(NOW, name), released.reversed());
    }

    @Test
    void losesNoReleasedSchema() throws IOException {
        List<String> now = names().toList();
        try (Stream<Path> versions = Files.list(HISTORY)) {
            for (Path version : versions.filter(Files::isDirectory).toList()) {
                assertThat(now).containsAll(names(version).toList());
            }
        }
    }

    static Stream<String> names() throws IOException {
        return names(NOW);
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".avsc"))
                    .map(f -> f.substring(0, f.length() - ".avsc".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Schema schema(Path folder, String name) throws IOException {
        SchemaParser parser = new SchemaParser();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".avsc")).sorted().toList()) {
                parser.parse(file);
            }
        }
        return parser.getParsedNamedSchemas().stream()
                .filter(s -> s.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void check(Schema schema, List<String> silent, List<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.contains(schema.getFullName())) {
                    return;
                }
                seen.add(schema.getFullName());
                says(schema.getDoc(), schema.getName(), silent);
                for (Schema.Field field : schema.getFields()) {
                    says(field.doc(), schema.getName() + "." + field.name(), silent);
                    check(field.schema(), silent, seen);
                }
            }
            case ENUM -> {
                says(schema.getDoc(), schema.getName(), silent);
                if (!"UNKNOWN".equals(schema.getEnumDefault())) {
                    silent.add(schema.getName() + " has no default UNKNOWN");
                }
            }
            case UNION -> schema.getTypes().forEach(type -> check(type, silent, seen));
            case ARRAY -> check(schema.getElementType(), silent, seen);
            case MAP -> check(schema.getValueType(), silent, seen);
            default -> {
                // A plain type says nothing by itself.
            }
        }
    }

    private static void says(String doc, String what, List<String> silent) {
        if (doc == null || !doc.endsWith(".")) {
            silent.add(what);
        }
    }
}
