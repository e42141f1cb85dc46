package io.prefstream.runner.command;

import io.prefstream.kit.config.UserError;
import io.prefstream.kit.run.Installation;
import io.prefstream.kit.run.TopicReader;
import io.prefstream.kit.topic.Topic;
import io.prefstream.kit.topic.Topics;
import io.prefstream.runner.app.OpenFolder;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists topics, or prints one. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Lists the topics of a folder with their records, or prints the records of one.")
final class TopicsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private DataFolderOption data = new DataFolderOption();

    @Parameters(arity = "0..1", paramLabel = "TOPIC", description = "Print this topic's records as JSON lines.")
    private @Nullable String wanted;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "What stands before the topics' names, as in those that ablate --keep has left.")
    @SuppressWarnings("NullAway.Init")
    private String prefix;

    @Override
    public Integer call() {
        if (wanted != null
                && Topics.all().stream().noneMatch(topic -> topic.name().equals(wanted))) {
            throw new UserError("there is no topic " + wanted + ": prefstream topics lists them", 2);
        }
        PrintWriter to = spec.commandLine().getOut();
        try (OpenFolder system = data.open()) {
            if (wanted == null) {
                to.printf("%-34s %-22s %8s  %s%n", "topic", "written by", "records", "key");
            }
            for (Topic<?> topic : Topics.all()) {
                if (wanted == null) {
                    long[] n = new long[1];
                    read(system, topic, (t, key, value) -> n[0]++);
                    to.printf("%-34s %-22s %8d  %s%n", topic.name(), topic.owner(), n[0], topic.key());
                } else if (topic.name().equals(wanted)) {
                    read(system, topic, (t, key, value) -> to.println(key + "\t" + value));
                }
            }
        }
        to.flush();
        return 0;
    }

    private void read(OpenFolder system, Topic<?> topic, TopicReader.Sink sink) {
        Installation installation = system.installation().withPrefix(prefix);
        try (TopicReader reader = new TopicReader(installation, system.wire(), List.of(topic))) {
            reader.readToEnd(sink);
        }
    }
}
