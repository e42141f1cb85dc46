package io.prefstream.runner.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prefstream.core.language.LanguageGate;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Scores in the shapes that trainers read. Each names the model. Tokens aren't counted, so usage says 0. */
final class Replies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Replies() {}

    /** How a client wants its scores. */
    enum Shape {
        /** A list of objects with an embedding of one number; one object for one text. */
        SGLANG,
        /** OpenAI's list, with probs of one number: the raw score, whatever the name says. */
        VLLM,
        /** OpenAI's list, with embeddings of one number. */
        EMBEDDINGS,
        /** OpenRLHF's remote reward model; what extra_logs holds is logged by the trainer and must be numbers. */
        OPENRLHF,
        /** LLaMA-Factory's list of scores. */
        EVALUATION
    }

    /** What is said of one request: a score and a verdict an item. */
    record Answer(ScoringRequest request, String model, double[] scores, List<LanguageGate.Verdict> verdicts) {}

    static byte[] scores(Shape shape, Answer answer) throws IOException {
        Object body = switch (shape) {
            case SGLANG -> sglang(answer);
            case VLLM ->
                list(answer, "classify-", (data, i) -> {
                    data.putNull("label");
                    data.putArray("probs").add(answer.scores()[i]);
                    data.put("num_classes", 1);
                });
            case EMBEDDINGS ->
                list(answer, "embd-", (data, i) -> {
                    data.put("object", "embedding");
                    data.putArray("embedding").add(answer.scores()[i]);
                });
            case OPENRLHF -> openRlhf(answer);
            case EVALUATION -> evaluation(answer);
        };
        return JSON.writeValueAsBytes(body);
    }

    /** As OpenAI's servers word errors; {@code param} is the field. */
    static byte[] error(int status, String field, String message) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("message", message);
        error.put("type", status < 500 ? "BadRequestError" : "ServiceUnavailableError");
        if (field.isEmpty()) {
            error.putNull("param");
        } else {
            error.put("param", field);
        }
        error.put("code", status);
        return JSON.writeValueAsBytes(body);
    }

    static byte[] models(Map<String, String> roles) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        roles.forEach((role, id) -> data.addObject()
                .put("id", id)
                .put("object", "model")
                .put("owned_by", "prefstream")
                .put("role", role));
        return JSON.writeValueAsBytes(body);
    }

    static byte[] info(String model) throws IOException {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("model_path", model)
                .put("tokenizer_path", model)
                .put("is_generation", false)
                .put("weight_version", model));
    }

    static byte[] health(String model) throws IOException {
        return JSON.writeValueAsBytes(
                JSON.createObjectNode().put("status", "UP").put("model", model));
    }

    private static Object sglang(Answer answer) {
        String id = UUID.randomUUID().toString();
        ArrayNode items = JSON.createArrayNode();
        for (int i = 0; i < answer.scores().length; i++) {
            ObjectNode item = items.addObject();
            item.putArray("embedding").add(answer.scores()[i]);
            ObjectNode meta = item.putObject("meta_info");
            meta.put("id", id + "-" + i);
            meta.put("model", answer.model());
            verdict(meta, answer.verdicts().get(i));
        }
        return answer.request().single() ? items.get(0) : items;
    }

    private interface Item {
        void put(ObjectNode data, int i);
    }

    private static ObjectNode list(Answer answer, String prefix, Item item) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", prefix + UUID.randomUUID().toString().replace("-", ""));
        body.put("object", "list");
        body.put("created", System.currentTimeMillis() / 1000);
        body.put("model", answer.model());
        ArrayNode list = body.putArray("data");
        for (int i = 0; i < answer.scores().length; i++) {
            ObjectNode data = list.addObject();
            data.put("index", i);
            item.put(data, i);
            verdict(data, answer.verdicts().get(i));
        }
        body.putObject("usage").put("prompt_tokens", 0).put("total_tokens", 0).put("completion_tokens", 0);
        return body;
    }

    private static ObjectNode openRlhf(Answer answer) {
        ObjectNode body = JSON.createObjectNode();
        numbers(body.putArray("rewards"), answer.scores());
        numbers(body.putArray("scores"), answer.scores());
        ObjectNode logs = body.putObject("extra_logs");
        numbers(
                logs.putArray("trusted"),
                answer.verdicts().stream()
                        .mapToDouble(verdict -> verdict.trusted() ? 1 : 0)
                        .toArray());
        body.put("model", answer.model());
        ArrayNode why = body.putArray("why");
        answer.verdicts().forEach(verdict -> why.add(verdict.trusted() ? null : verdict.why()));
        return body;
    }

    private static ObjectNode evaluation(Answer answer) {
        ObjectNode body = JSON.createObjectNode();
        body.put("id", "scoreeval-" + UUID.randomUUID().toString().replace("-", ""));
        body.put("object", "score.evaluation");
        body.put("model", answer.model());
        numbers(body.putArray("scores"), answer.scores());
        ArrayNode trusted = body.putArray("trusted");
        answer.verdicts().forEach(verdict -> trusted.add(verdict.trusted()));
        return body;
    }

    private static void verdict(ObjectNode to, LanguageGate.Verdict verdict) {
        to.put("trusted", verdict.trusted());
        if (!verdict.trusted()) {
            to.put("why", verdict.why());
        }
    }

    private static void numbers(ArrayNode to, double[] values) {
        Arrays.stream(values).forEach(to::add);
    }
}
