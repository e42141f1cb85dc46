package io.prefstream.runner.app;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.prefstream.kit.registry.RegistryWire;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.stage.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A process that runs on a data folder, as it says in the folder's process.json; other commands use its broker and registry.
 *
 * @param pid its process id
 * @param role what it does
 * @param bootstrap its Kafka's address
 * @param registry URL of its schema registry
 * @param partitions partitions of pair-keyed topics
 * @param settings settings of the runs that its stages were started for; empty when it runs no stages
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LiveProcess(
        long pid, Role role, String bootstrap, String registry, int partitions, Map<String, String> settings) {

    /** What a process does on a folder. */
    public enum Role {
        /** It runs until it is told to stop, and takes batches from others. */
        SERVE,
        /** It runs one batch; others may look meanwhile. */
        CURATE,
        /** It only looks, and is gone in a moment. */
        READ
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The process that runs on the folder now; empty when none does, however the last one ended. */
    public static Optional<LiveProcess> of(Path folder) {
        return lastOf(folder)
                .filter(process -> ProcessHandle.of(process.pid)
                        .map(ProcessHandle::isAlive)
                        .orElse(false))
                // A pid can be another's by now; the lock cannot. Our own lock isn't probed, since that would free it.
                .filter(process -> process.pid == ProcessHandle.current().pid() || DataFolder.isLocked(folder));
    }

    /** The process that last wrote its name into the folder, dead or alive. */
    static Optional<LiveProcess> lastOf(Path folder) {
        try {
            return Optional.of(JSON.readValue(file(folder).toFile(), LiveProcess.class));
        } catch (IOException e) { // none, or one that was killed while it wrote
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        Files.writeString(file(folder), JSON.writeValueAsString(this) + "\n");
    }

    static void remove(Path folder) {
        try {
            Files.deleteIfExists(file(folder));
        } catch (IOException e) {
            // The next process writes its own.
        }
    }

    /** The folder as this process keeps it open; closing it leaves the process alone. */
    public OpenFolder open(Path folder) {
        Installation installation = new Installation(
                bootstrap,
                registry,
                "",
                partitions,
                (short) 1,
                folder.resolve("state"),
                "visitor",
                1,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Map.of());
        Wire wire = new RegistryWire(registry, Map.of());
        return new OpenFolder() {
            @Override
            public Installation installation() {
                return installation;
            }

            @Override
            public Wire wire() {
                return wire;
            }

            @Override
            public void close() {
                // The process goes on.
            }
        };
    }

    /** Says that the process is gone; empty while it is there. */
    public Optional<String> fault() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                ? Optional.empty()
                : Optional.of("the prefstream with pid " + pid
                        + " that runs on this folder has ended: run the same command again, and it goes on from there");
    }

    private static Path file(Path folder) {
        return folder.resolve("process.json");
    }
}
