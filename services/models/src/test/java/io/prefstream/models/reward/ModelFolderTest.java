package io.prefstream.models.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {

    @TempDir
    Path parent;

    @Test
    void theIdIsTheHashOfTheCardAndSoOfEveryByte() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        ModelFolder folder = ModelFolder.read(copy.path());
        folder.verify();
        assertThat(folder.id()).isEqualTo(ModelFolder.sha256(Files.readAllBytes(copy.card())));

        Files.writeString(copy.card(), Files.readString(copy.card()) + "\n");
        assertThat(ModelFolder.read(copy.path()).id()).isNotEqualTo(folder.id());
    }

    @Test
    void aFolderWithoutACardIsToldHowToGetOne() {
        refused(parent)
                .withMessageContaining("has no reward-model.json")
                .withMessageContaining("convert_reward_model.py");
    }

    @Test
    void aDamagedCardIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        byte[] card = Files.readAllBytes(copy.card());
        Files.write(copy.card(), Arrays.copyOf(card, card.length / 2));
        refused(copy.path()).withMessageContaining("is no reward-model.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", ""})
    void aCardThatSaysNothingIsRefused(String content) throws IOException {
        Files.writeString(parent.resolve(ModelFolder.CARD), content);
        refused(parent).withMessageContaining("reward-model.json");
    }

    @Test
    void anOversizedCardIsRefusedUnread() throws IOException {
        Files.write(parent.resolve(ModelFolder.CARD), new byte[(4 << 20) + 1]);
        refused(parent).withMessageContaining("larger than 4 MiB");
    }

    @ParameterizedTest
    @CsvSource({
        "format, prefstream-reward-model/2, has the format prefstream-reward-model/2",
        "engine, TensorFlow, names the engine TensorFlow",
        "model, model.pt, which must end in .onnx",
        "model, other.onnx, and stand under files",
    })
    void aCardOfAnotherKindIsRefused(String field, String value, String message) throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> card.put(field, value));
        refused(copy.path()).withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inputs", "golden", "files", "engine", "model", "format"})
    void aCardThatLacksAFieldIsRefused(String field) throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> card.remove(field));
        refused(copy.path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.onnx",
                "/etc/passwd",
                "..",
                "sub/tokenizer.json",
                "extra.py",
                "model.onnx.data.data",
                ""
            })
    void aNameThatLeavesTheFolderOrIsNoneOfItsFilesIsRefused(String name) throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent)
                .edit(card -> card.withObject("/files")
                        .putObject(name)
                        .put("sha256", "00")
                        .put("bytes", 1));
        refused(copy.path()).withMessageContaining("lists the file " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.onnx", "/tmp/model.onnx", "sub/model.onnx"})
    void aGraphOutsideTheFolderIsRefused(String name) throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).edit(card -> {
            card.put("model", name);
            card.withObject("/files").remove("model.onnx");
            card.withObject("/files").putObject(name).put("sha256", "00").put("bytes", 1);
        });
        refused(copy.path()).withMessageContaining("lists the file " + name);
    }

    @Test
    void aTruncatedFileIsRefusedByItsSize() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        Path graph = copy.path().resolve("model.onnx");
        byte[] content = Files.readAllBytes(graph);
        Files.write(graph, Arrays.copyOf(content, content.length - 1));
        unverified(copy.path()).withMessageContaining("has 213791 bytes, and 213792 were announced");
    }

    @Test
    void aChangedBitOfTheWeightsIsRefusedByItsHash() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        Path graph = copy.path().resolve("model.onnx");
        byte[] content = Files.readAllBytes(graph);
        content[content.length / 2] ^= 1;
        Files.write(graph, content);
        unverified(copy.path()).withMessageContaining("has the SHA-256").withMessageContaining("was announced");
        assertThatExceptionOfType(ModelRefused.class) // by the hash too, so that no engine has opened it
                .isThrownBy(() -> DjlRewardModel.load(ModelFolder.read(copy.path()), Hardware.cpu(1)))
                .withMessageContaining("has the SHA-256");
    }

    @Test
    void aMissingFileIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent);
        Files.delete(copy.path().resolve("tokenizer.json"));
        unverified(copy.path()).withMessageContaining("tokenizer.json is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat_template.jinja", "model.onnx.data", "weights.bin"})
    void aFileThatWasNotAnnouncedIsRefused(String name) throws IOException {
        FolderCopy copy = FolderCopy.of("bert/onnx", parent);
        Files.writeString(copy.path().resolve(name), "{{ messages }}");
        unverified(copy.path()).withMessageContaining(name + " is not announced");
    }

    @Test
    void aCardWithoutTheTokenizersHashIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent)
                .edit(card -> card.withObject("/files").remove("tokenizer.json"));
        refused(copy.path()).withMessageContaining("lists no tokenizer.json");
    }

    @Test
    void aCardWithHolesIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent)
                .edit(card -> card.withObject("/files").putNull("tokenizer.json"));
        refused(copy.path()).withMessageContaining("lacks inputs, golden or files");

        FolderCopy other = FolderCopy.of("llama/onnx", parent)
                .edit(card -> card.withArray("golden").addObject().put("score", 1));
        refused(other.path()).withMessageContaining("golden conversation without a message");
    }

    @Test
    void aPickleInAZipIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write("cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII));
            zip.putNextEntry(new ZipEntry("archive/version"));
            zip.write('3');
        }
        FolderCopy copy = FolderCopy.of("qwen3/torchscript", parent).announce("model.pt", bytes.toByteArray());
        unverified(copy.path()).withMessageContaining("is a pickle and not TorchScript");
    }

    @Test
    void aRawPickleIsRefused() throws IOException {
        byte[] pickle = "cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII);
        FolderCopy copy = FolderCopy.of("qwen3/torchscript", parent).announce("model.pt", pickle);
        unverified(copy.path())
                .withMessageContaining("is not TorchScript")
                .withMessageContaining("pickles are not loaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3/onnx", "qwen3/torchscript"})
    void whatTheEngineCannotReadIsRefusedThoughItWasAnnounced(String fixture) throws IOException {
        FolderCopy copy = FolderCopy.of(fixture, parent);
        String graph = fixture.endsWith("onnx") ? "model.onnx" : "model.pt";
        byte[] content = Files.readAllBytes(copy.path().resolve(graph));
        Arrays.fill(content, 0, 4000, (byte) 7); // of a zip the directory at the end stays
        copy.announce(graph, content);
        assertThatExceptionOfType(ModelRefused.class)
                .isThrownBy(() -> DjlRewardModel.load(ModelFolder.read(copy.path()), Hardware.cpu(1)))
                .withMessageContaining("cannot load " + copy.path());
    }

    @Test
    void aTokenizerThatCannotBeReadIsRefused() throws IOException {
        FolderCopy copy = FolderCopy.of("qwen3/onnx", parent).announce("tokenizer.json", new byte[] {'{', '}'});
        assertThatExceptionOfType(ModelRefused.class)
                .isThrownBy(() -> DjlRewardModel.load(ModelFolder.read(copy.path()), Hardware.cpu(1)))
                .withMessageContaining("the tokenizer of " + copy.path() + " cannot be read");
    }

    private static ThrowableAssertAlternative<ModelRefused> refused(Path folder) {
        return assertThatExceptionOfType(ModelRefused.class).isThrownBy(() -> ModelFolder.read(folder));
    }

    private static ThrowableAssertAlternative<ModelRefused> unverified(Path folder) {
        ModelFolder read = ModelFolder.read(folder);
        return assertThatExceptionOfType(ModelRefused.class).isThrownBy(read::verify);
    }
}
