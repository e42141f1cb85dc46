package io.prefstream.runner.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {

    @TempDir
    private Path folder;

    @Test
    void readsColumnsOfOtherNamesOnceTheyAreMapped() throws Exception {
        Path file = Files.writeString(folder.resolve("m.csv"), "q,good,bad\nHi,Hello!,Go.\n");
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new InspectCommand()).setOut(new PrintWriter(out));

        int code = line.execute(file.toString(), "--map", "prompt=q,chosen=good,rejected=bad");

        assertThat(code).isZero();
        assertThat(out.toString()).contains("shape: plain-strings", "pairs: 1");
    }

    @Test
    void saysHowToMapColumnsThatItDoesNotKnow() throws Exception {
        Path file = Files.writeString(folder.resolve("m.csv"), "q,good,bad\nHi,Hello!,Go.\n");
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new InspectCommand())
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((error, at, parsed) -> {
                    at.getErr().println(error.getMessage());
                    return 1;
                });

        assertThat(line.execute(file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("q, good, bad", "--map prompt=COLUMN,chosen=COLUMN,rejected=COLUMN");
    }
}
