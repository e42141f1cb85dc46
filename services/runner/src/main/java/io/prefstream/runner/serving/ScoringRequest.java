package io.prefstream.runner.serving;

import io.prefstream.core.pair.Message;
import io.prefstream.ingest.client.StrictJson;
import io.prefstream.ingest.domain.AnswerRows;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks.
 *
 * @param field field in which the items came
 * @param single whether the field held one item and no list
 * @param prompts what stands before each answer in a text; empty when the client doesn't say
 * @param model role or id of the model; empty when the client leaves it open
 */
record ScoringRequest(String field, Items items, boolean single, List<String> prompts, String model) {

    /** Most items of a request. */
    static final int MAX_ITEMS = 4096;

    private static final List<String> ACTIVATIONS = List.of("activation", "use_activation", "softmax");

    /**
     * Reads a body.
     *
     * @param fields fields that may hold the items, the first that is there counts
     */
    static ScoringRequest of(byte[] body, List<String> fields) throws RowFault {
        Map<String, @Nullable Object> json = StrictJson.of(body);
        for (String name : ACTIVATIONS) {
            if (Boolean.TRUE.equals(json.get(name))) {
                throw new RowFault(
                        Rule.WRONG_TYPE,
                        name,
                        "scores are raw logits, since a probability of one answer says nothing; leave it out or send false");
            }
        }
        Object model = json.get("model");
        if (model != null && !(model instanceof String)) {
            throw new RowFault(Rule.WRONG_TYPE, "model", "must be text: best, gold or a checkpoint id");
        }
        String field = fields.stream()
                .filter(name -> json.get(name) != null)
                .findFirst()
                .orElse(null);
        if (field == null) {
            throw new RowFault(
                    Rule.NO_SUCH_FIELD,
                    fields.getFirst(),
                    "send what is to be scored in " + String.join(" or ", fields));
        }
        Object value = json.get(field);
        boolean single = value instanceof String || isMessages(value);
        Items items = switch (value) {
            case List<?> list when !single -> items(field, list);
            case String text -> Items.ofTexts(List.of(text));
            case List<?> messages -> Items.ofConversations(List.of(AnswerRows.conversation(field, messages)));
            case null, default ->
                throw new RowFault(
                        Rule.WRONG_TYPE,
                        field,
                        "must be text, a list of texts, a list of messages, or a list of such lists");
        };
        return new ScoringRequest(
                field, items, single, prompts(json.get("prompts"), items.size()), model == null ? "" : (String) model);
    }

    private static Items items(String field, List<?> list) throws RowFault {
        if (list.isEmpty()) {
            throw new RowFault(Rule.WRONG_TYPE, field, "holds nothing to score");
        }
        if (list.size() > MAX_ITEMS) {
            throw new RowFault(
                    Rule.TOO_LARGE,
                    field,
                    "holds " + list.size() + " items, at most " + MAX_ITEMS + " are taken; send parts");
        }
        List<String> texts = new ArrayList<>();
        List<List<Message>> conversations = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof String text) {
                texts.add(text);
            } else {
                conversations.add(AnswerRows.conversation(field + "[" + i + "]", list.get(i)));
            }
        }
        if (!texts.isEmpty() && !conversations.isEmpty()) {
            throw new RowFault(Rule.WRONG_TYPE, field, "holds texts and messages; send them in two requests");
        }
        return texts.isEmpty() ? Items.ofConversations(conversations) : Items.ofTexts(texts);
    }

    private static boolean isMessages(@Nullable Object value) {
        return value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Map<?, ?>;
    }

    private static List<String> prompts(@Nullable Object value, int items) {
        return value instanceof List<?> list
                        && list.size() == items
                        && list.stream().allMatch(String.class::isInstance)
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }
}
