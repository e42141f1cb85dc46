package io.prefstream.kit.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/** Confluent's REST API over {@link Subjects}, whose changes go to a log first. Knows nothing of HTTP's transport. */
final class RegistryApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LEVELS = "NONE|(BACKWARD|FORWARD|FULL)(_TRANSITIVE)?";
    private static final String NO_PATH = "HTTP 404 Not Found";

    private final SchemaLog log;
    private final Subjects subjects = new Subjects();

    RegistryApi(SchemaLog log) {
        this.log = log;
        log.replay(this::restore);
    }

    /** A request: decoded parts of the path, parameters, and the body, which is missing when there was none. */
    record Request(String method, List<String> path, Map<String, String> query, JsonNode body) {
        String at(int index) {
            return index < path.size() ? path.get(index) : "";
        }

        int size() {
            return path.size();
        }

        boolean is(String parameter) {
            return Boolean.parseBoolean(query.getOrDefault(parameter, "false"));
        }
    }

    /** An answer that is an error of the API: codes of 5 digits begin with the HTTP status. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Fault(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }

        int status() {
            return code >= 1000 ? code / 100 : code;
        }
    }

    /** The answer, as JSON. */
    synchronized JsonNode answer(Request request) throws Fault {
        return switch (request.at(0)) {
            case "" -> JSON.createObjectNode();
            case "schemas" -> schemas(request);
            case "subjects" -> subjects(request);
            case "compatibility" -> compatibility(request);
            case "config" -> config(request);
            case "mode" -> mode(request);
            default -> throw new Fault(404, NO_PATH);
        };
    }

    private JsonNode schemas(Request request) throws Fault {
        if (request.size() == 1) {
            return JSON.valueToTree(subjects.subjects(request.is("deleted")).stream()
                    .filter(s -> s.startsWith(request.query().getOrDefault("subjectPrefix", "")))
                    .map(s -> subjects.versions(s, request.is("deleted")))
                    .flatMap(all -> (request.is("latestOnly") ? List.of(all.getLast()) : all).stream())
                    .map(RegistryApi::node)
                    .toList());
        }
        if (request.at(1).equals("types")) {
            return JSON.valueToTree(List.of("AVRO"));
        }
        if (!request.at(1).equals("ids") || request.size() < 3) {
            throw new Fault(404, NO_PATH);
        }
        String number = request.at(2);
        String schema = number.matches("\\d{1,9}") ? subjects.schema(Integer.parseInt(number)) : null;
        if (schema == null) {
            throw new Fault(40403, "Schema " + number + " not found");
        }
        List<Subjects.Version> users = subjects.subjects(request.is("deleted")).stream()
                .flatMap(s -> subjects.versions(s, request.is("deleted")).stream())
                .filter(v -> v.id() == Integer.parseInt(number))
                .toList();
        return switch (request.at(3)) {
            case "" -> JSON.createObjectNode().put("schema", schema);
            case "schema" -> tree(schema);
            case "subjects" ->
                JSON.valueToTree(new TreeSet<>(
                        users.stream().map(Subjects.Version::subject).toList()));
            case "versions" ->
                JSON.valueToTree(users.stream()
                        .map(v -> JSON.createObjectNode()
                                .put("subject", v.subject())
                                .put("version", v.version()))
                        .toList());
            default -> throw new Fault(404, NO_PATH);
        };
    }

    private JsonNode subjects(Request request) throws Fault {
        String subject = request.at(1);
        boolean deleted = request.is("deleted");
        return switch (request.method() + request.size()) {
            case "GET1" ->
                JSON.valueToTree(subjects.subjects(deleted).stream()
                        .filter(s -> s.startsWith(request.query().getOrDefault("subjectPrefix", "")))
                        .toList());
            case "POST2" -> {
                String text = SchemaText.of(schema(request));
                known(subject, deleted);
                yield node(
                        subjects.find(subject, text, deleted).orElseThrow(() -> new Fault(40403, "Schema not found")));
            }
            case "DELETE2" -> deleteSubject(subject, request.is("permanent"));
            case "POST3" ->
                JSON.createObjectNode()
                        .put("id", register(subject, schema(request)).id());
            case "GET3" -> {
                known(subject, deleted);
                yield numbers(subjects.versions(subject, deleted));
            }
            case "GET4" -> node(version(subject, request.at(3), deleted));
            case "DELETE4" -> deleteVersion(subject, request.at(3), request.is("permanent"));
            case "GET5" -> {
                Subjects.Version version = version(subject, request.at(3), deleted);
                yield switch (request.at(4)) {
                    case "schema" -> tree(version.schema());
                    case "referencedby" -> JSON.createArrayNode(); // Schemas refer to none but themselves.
                    default -> throw new Fault(404, NO_PATH);
                };
            }
            default -> throw new Fault(405, "HTTP 405 Method Not Allowed");
        };
    }

    private Subjects.Version register(String subject, Schema schema) throws Fault {
        String text = SchemaText.of(schema);
        Optional<Subjects.Version> known = subjects.find(subject, text, false);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<String> why = subjects.incompatibility(subject, schema, subjects.versions(subject, false));
        if (why.isPresent()) {
            throw new Fault(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject + "\": "
                            + why.get());
        }
        Subjects.Version version = subjects.next(subject, text);
        write(version);
        return version;
    }

    private JsonNode deleteSubject(String subject, boolean permanent) throws Fault {
        known(subject, true);
        List<Subjects.Version> living = subjects.versions(subject, false);
        List<Subjects.Version> all = subjects.versions(subject, true);
        if (permanent) {
            if (!living.isEmpty()) {
                throw new Fault(
                        40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
            }
            all.forEach(this::erase);
            return numbers(all);
        }
        if (living.isEmpty()) {
            throw new Fault(
                    40404, "Subject '" + subject + "' was soft deleted.Set permanent=true to delete permanently");
        }
        living.forEach(version -> write(version.asDeleted()));
        return numbers(living);
    }

    private JsonNode deleteVersion(String subject, String wanted, boolean permanent) throws Fault {
        Subjects.Version version = version(subject, wanted, !wanted.equals("latest"));
        String named = "Subject '" + subject + "' Version " + version.version();
        if (permanent) {
            if (!version.deleted()) {
                throw new Fault(40407, named + " was not deleted first before being permanently deleted");
            }
            erase(version);
        } else {
            if (version.deleted()) {
                throw new Fault(40406, named + " was soft deleted.Set permanent=true to delete permanently");
            }
            write(version.asDeleted());
        }
        return JSON.valueToTree(version.version());
    }

    private JsonNode compatibility(Request request) throws Fault {
        if (!request.method().equals("POST") || request.size() < 4) {
            throw new Fault(404, NO_PATH);
        }
        String subject = request.at(2);
        Schema schema = schema(request);
        List<Subjects.Version> before = subjects.versions(subject, false);
        if (request.size() > 4 && !(before.isEmpty() && request.at(4).equals("latest"))) {
            before = List.of(version(subject, request.at(4), false));
        }
        Optional<String> why = subjects.incompatibility(subject, schema, before);
        ObjectNode answer = JSON.createObjectNode().put("is_compatible", why.isEmpty());
        if (request.is("verbose")) {
            answer.set("messages", JSON.valueToTree(why.stream().toList()));
        }
        return answer;
    }

    private JsonNode config(Request request) throws Fault {
        String subject = request.at(1);
        String own = subjects.ownLevel(subject);
        return switch (request.method()) {
            case "GET" -> {
                if (own == null && !subject.isEmpty() && !request.is("defaultToGlobal")) {
                    throw new Fault(
                            40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
                }
                yield JSON.createObjectNode().put("compatibilityLevel", subjects.level(subject));
            }
            case "PUT" -> {
                String level = request.body().path("compatibility").asText();
                if (!level.matches(LEVELS)) {
                    throw new Fault(
                            42203,
                            "Invalid compatibility level. Valid values are none, backward, forward, full,"
                                    + " backward_transitive, forward_transitive, and full_transitive");
                }
                log.append(
                        configKey(subject),
                        JSON.createObjectNode().put("compatibilityLevel", level).toString());
                subjects.setLevel(subject, level);
                yield JSON.createObjectNode().put("compatibility", level);
            }
            case "DELETE" -> {
                if (own == null && !subject.isEmpty()) {
                    throw new Fault(40401, "Subject '" + subject + "' not found.");
                }
                String was = subjects.level(subject);
                log.append(configKey(subject), null);
                subjects.clearLevel(subject);
                yield JSON.createObjectNode().put("compatibilityLevel", was);
            }
            default -> throw new Fault(405, "HTTP 405 Method Not Allowed");
        };
    }

    /** There is one mode: modes serve the migration of registries, and an embedded one has nothing to migrate. */
    private static JsonNode mode(Request request) throws Fault {
        if (request.method().equals("GET")) {
            if (request.size() > 1 && !request.is("defaultToGlobal")) {
                throw new Fault(40409, "Subject '" + request.at(1) + "' does not have subject-level mode configured");
            }
        } else if (!request.body().path("mode").asText().equals("READWRITE")) {
            throw new Fault(42205, "This registry has no other mode than READWRITE");
        }
        return JSON.createObjectNode().put("mode", "READWRITE");
    }

    private void write(Subjects.Version version) {
        log.append(
                schemaKey(version),
                node(version).put("deleted", version.deleted()).toString());
        subjects.restore(version);
    }

    private void erase(Subjects.Version version) {
        log.append(schemaKey(version), null);
        subjects.erase(version.subject(), version.version());
    }

    private static String schemaKey(Subjects.Version version) {
        return JSON.createObjectNode()
                .put("keytype", "SCHEMA")
                .put("subject", version.subject())
                .put("version", version.version())
                .put("magic", 1)
                .toString();
    }

    private static String configKey(String subject) {
        return JSON.createObjectNode()
                .put("keytype", "CONFIG")
                .put("subject", subject.isEmpty() ? null : subject)
                .put("magic", 0)
                .toString();
    }

    private void restore(String key, @Nullable String value) {
        JsonNode k = tree(key);
        JsonNode v = value == null ? JSON.nullNode() : tree(value);
        String subject = k.path("subject").asText("");
        switch (k.path("keytype").asText()) {
            case "SCHEMA" -> {
                if (value == null) {
                    subjects.erase(subject, k.path("version").asInt());
                } else {
                    subjects.restore(new Subjects.Version(
                            subject,
                            v.path("version").asInt(),
                            v.path("id").asInt(),
                            v.path("schema").asText(),
                            v.path("deleted").asBoolean()));
                }
            }
            case "DELETE_SUBJECT" ->
                subjects.versions(subject, false).stream()
                        .filter(version ->
                                version.version() <= v.path("version").asInt())
                        .forEach(version -> subjects.restore(version.asDeleted()));
            case "CONFIG" -> {
                if (value == null) {
                    subjects.clearLevel(subject);
                } else {
                    subjects.setLevel(subject, v.path("compatibilityLevel").asText());
                }
            }
            default -> {
                // Other kinds of Confluent's records hold nothing that we serve.
            }
        }
    }

    private void known(String subject, boolean deleted) throws Fault {
        if (subjects.versions(subject, deleted).isEmpty()) {
            throw new Fault(40401, "Subject '" + subject + "' not found.");
        }
    }

    private Subjects.Version version(String subject, String wanted, boolean deleted) throws Fault {
        boolean latest = wanted.equals("latest") || wanted.equals("-1");
        if (!latest && !wanted.matches("[1-9]\\d{0,8}")) {
            throw new Fault(
                    42202,
                    "The specified version '" + wanted + "' is not a valid version id. Allowed values are between"
                            + " [1, 2^31-1] and the string \"latest\"");
        }
        known(subject, deleted);
        List<Subjects.Version> all = subjects.versions(subject, deleted);
        return latest
                ? all.getLast()
                : all.stream()
                        .filter(v -> Integer.toString(v.version()).equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> new Fault(40402, "Version " + wanted + " not found."));
    }

    private static Schema schema(Request request) throws Fault {
        String type = request.body().path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new Fault(42201, "Invalid schema type " + type + ": this registry holds Avro");
        }
        try {
            return new Schema.Parser().parse(request.body().path("schema").asText());
        } catch (SchemaParseException e) {
            throw new Fault(42201, "Invalid schema: " + e.getMessage());
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("the topic of schemas holds a record that isn't JSON", e);
        }
    }

    private static JsonNode numbers(List<Subjects.Version> versions) {
        return JSON.valueToTree(versions.stream().map(Subjects.Version::version).toList());
    }

    private static ObjectNode node(Subjects.Version version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema());
    }
}
