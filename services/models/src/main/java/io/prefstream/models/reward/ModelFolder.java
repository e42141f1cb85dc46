package io.prefstream.models.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.prefstream.core.pair.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A reward model's folder, as {@code tools/convert_reward_model.py} writes it: {@code reward-model.json} says what the model is
 * and holds the SHA-256 of every other file, so that its own SHA-256, the model's id, fixes all of them.
 *
 * @param path the folder
 * @param id SHA-256 of {@code reward-model.json}, in lower-case hex
 * @param card what {@code reward-model.json} says
 */
public record ModelFolder(Path path, String id, Card card) {

    /** Name of the file that says what the model is. */
    public static final String CARD = "reward-model.json";

    /** Most bytes of {@link #CARD}. */
    public static final int MOST_CARD_BYTES = 4 << 20;

    private static final String FORMAT = "prefstream-reward-model/1";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");
    private static final Set<String> TOKENIZER =
            Set.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja");
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * What a model is.
     *
     * @param format version of this file's format
     * @param name name of the folder that was converted
     * @param architecture class of the model, such as Qwen3ForSequenceClassification
     * @param engine DJL's engine: OnnxRuntime or PyTorch
     * @param model file of the graph
     * @param device cpu or cuda: where a TorchScript graph was traced, and so where alone it runs
     * @param dtype type of the weights, such as float32
     * @param parameters number of weights
     * @param input chat when the chat template makes the text, pair when the turns before the answer and the answer are two texts
     * @param inputs names of the graph's inputs, in their order
     * @param padTokenId token that fills up the rows of a batch, and after which no score is read; null where the model has none
     * @param date day that a chat template which asks for one is told, such as 2024-07-26; null for none
     * @param maxTokens most tokens of a text
     * @param evenTokens length of a row at which attention costs as much as all matrices; null for an encoder
     * @param tolerance greatest difference allowed from a golden score
     * @param golden conversations with the scores that they must get
     * @param files the other files, by name
     */
    public record Card(
            String format,
            String name,
            String architecture,
            String engine,
            String model,
            String device,
            String dtype,
            long parameters,
            String input,
            List<String> inputs,
            @Nullable Long padTokenId,
            @Nullable String date,
            int maxTokens,
            @Nullable Integer evenTokens,
            double tolerance,
            List<Golden> golden,
            Map<String, Entry> files) {

        /** Whether several answers to one conversation share a row. */
        public boolean packed() {
            return inputs.contains("segments") && !alone();
        }

        /**
         * Whether every text must be a call of its own: activations become 8-bit integers by one scale for all that a call
         * holds, so that what else is in it would move a score.
         */
        public boolean alone() {
            return "int8".equals(dtype);
        }
    }

    /**
     * A conversation and its score.
     *
     * @param messages from the first turn to the answer
     * @param score raw score by the framework that the model comes from
     */
    public record Golden(List<Message> messages, double score) {}

    /**
     * A file of the folder.
     *
     * @param sha256 SHA-256 in lower-case hex
     * @param bytes size
     */
    public record Entry(String sha256, long bytes) {}

    /**
     * Reads what a folder's model is. No file but {@code reward-model.json} is opened.
     *
     * @throws ModelRefused when the file is missing, damaged, or says something that is not loaded
     */
    public static ModelFolder read(Path folder) {
        Path file = folder.resolve(CARD);
        try {
            if (!Files.isRegularFile(file)) {
                throw new ModelRefused(folder + " has no " + CARD
                        + ": make the folder of a Hugging Face model with tools/convert_reward_model.py");
            }
            if (Files.size(file) > MOST_CARD_BYTES) {
                throw new ModelRefused(file + " is larger than 4 MiB, so it is no " + CARD);
            }
            byte[] bytes = Files.readAllBytes(file);
            return new ModelFolder(folder, sha256(bytes), parse(bytes, file));
        } catch (IOException e) {
            throw new ModelRefused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Card parse(byte[] bytes, Path file) throws IOException {
        Card card;
        try {
            card = JSON.readValue(bytes, Card.class);
        } catch (JsonProcessingException e) {
            throw new ModelRefused(file + " is no " + CARD + ": " + e.getOriginalMessage(), e);
        }
        if (card == null || !FORMAT.equals(card.format())) {
            throw new ModelRefused(file + " has the format " + (card == null ? null : card.format())
                    + ", and this version loads " + FORMAT);
        }
        if (lacks(card.inputs())
                || lacks(card.golden())
                || card.files() == null
                || lacks(card.files().values())) {
            throw new ModelRefused(file + " lacks inputs, golden or files: convert the model again");
        }
        if (card.golden().stream().anyMatch(golden -> lacks(golden.messages()))) {
            throw new ModelRefused(file + " has a golden conversation without a message: convert the model again");
        }
        String suffix = switch (card.engine()) {
            case "OnnxRuntime" -> ".onnx";
            case "PyTorch" -> ".pt";
            case null, default ->
                throw new ModelRefused(file + " names the engine " + card.engine()
                        + "; those loaded are OnnxRuntime and PyTorch (TorchScript)");
        };
        if (card.model() == null
                || !card.model().endsWith(suffix)
                || !card.files().containsKey(card.model())) {
            throw new ModelRefused(file + " names the graph " + card.model() + ", which must end in " + suffix
                    + " and stand under files");
        }
        if (!card.files().containsKey("tokenizer.json")) {
            throw new ModelRefused(file + " lists no tokenizer.json: convert the model again");
        }
        for (String name : card.files().keySet()) {
            boolean known =
                    name.equals(card.model()) || name.equals(card.model() + ".data") || TOKENIZER.contains(name);
            if (!PLAIN_NAME.matcher(name).matches() || !known) {
                throw new ModelRefused(file + " lists the file " + name
                        + ", which is neither the graph, its weights nor the tokenizer's");
            }
        }
        return card;
    }

    private static boolean lacks(@Nullable Collection<?> values) {
        return values == null || values.isEmpty() || values.stream().anyMatch(Objects::isNull);
    }

    /**
     * Checks size and SHA-256 of every file, that no other stands beside them, and that a TorchScript file is one.
     *
     * @throws ModelRefused when one differs
     */
    public void verify() {
        card.files().forEach((name, entry) -> {
            Path file = path.resolve(name);
            try {
                if (!Files.isRegularFile(file)) {
                    throw new ModelRefused(file + " is missing");
                }
                if (Files.size(file) != entry.bytes()) {
                    throw new ModelRefused(
                            file + " has " + Files.size(file) + " bytes, and " + entry.bytes() + " were announced");
                }
                String sha256 = sha256(file);
                if (!sha256.equals(entry.sha256())) {
                    throw new ModelRefused(
                            file + " has the SHA-256 " + sha256 + ", and " + entry.sha256() + " was announced");
                }
            } catch (IOException e) {
                throw new ModelRefused(file + " cannot be read: " + e.getMessage(), e);
            }
        });
        verifyNothingElse();
        if (card.engine().equals(Engines.PYTORCH)) {
            verifyTorchScript(path.resolve(card.model()));
        }
    }

    /** A graph may name other files as its weights, and a template may stand in a file of its own. */
    private void verifyNothingElse() {
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") && !name.equals(CARD) && !card.files().containsKey(name)) {
                    throw new ModelRefused(entry + " is not announced by " + CARD + ": move it away");
                }
            }
        } catch (IOException e) {
            throw new ModelRefused(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A TorchScript archive holds code; what torch.save writes holds a pickle alone, which runs what it likes when read. */
    private static void verifyTorchScript(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            boolean code = Collections.list(entries).stream()
                    .map(ZipEntry::getName)
                    .anyMatch(name -> name.contains("/code/") && name.endsWith(".py"));
            if (!code) {
                throw new ModelRefused(file + " is a pickle and not TorchScript: pickles are not loaded");
            }
        } catch (IOException e) {
            throw new ModelRefused(file + " is not TorchScript (" + e.getMessage() + "): pickles are not loaded", e);
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
