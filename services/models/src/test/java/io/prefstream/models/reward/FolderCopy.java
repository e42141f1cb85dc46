package io.prefstream.models.reward;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of a fixture's folder, to spoil. */
record FolderCopy(Path path) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static FolderCopy of(String fixture, Path parent) throws IOException {
        Path to = Files.createDirectories(parent.resolve(fixture.replace('/', '-')));
        try (Stream<Path> files = Files.list(Fixtures.folder(fixture))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
        return new FolderCopy(to);
    }

    Path card() {
        return path.resolve(ModelFolder.CARD);
    }

    FolderCopy edit(Consumer<ObjectNode> change) throws IOException {
        ObjectNode card = (ObjectNode) JSON.readTree(card().toFile());
        change.accept(card);
        JSON.writeValue(card().toFile(), card);
        return this;
    }

    /** Writes a file, and announces what was written. */
    FolderCopy announce(String name, byte[] content) throws IOException {
        Files.write(path.resolve(name), content);
        return edit(card -> card.withObject("/files")
                .putObject(name)
                .put("sha256", ModelFolder.sha256(content))
                .put("bytes", content.length));
    }
}
