package io.prefstream.kit.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of a command that stand for settings, made from the table of settings. */
public final class SettingFlags {

    private static final String CONFIG = "--config";

    private SettingFlags() {}

    /** Gives a command {@code --config} and a flag for each of the settings. */
    public static void addTo(CommandSpec command, Collection<Setting<?>> settings) {
        command.addOption(OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(Path.class)
                .description("Settings, YAML or properties; the environment overrides it, and flags override both.")
                .build());
        for (Setting<?> setting : settings) {
            if (setting.hasFlag()) {
                String standard = setting.standard();
                String shown = standard == null || standard.isEmpty() ? "" : " (" + standard + ")";
                command.addOption(OptionSpec.builder(setting.flag())
                        .paramLabel(setting.value())
                        .type(String.class)
                        .description((setting.doc() + shown).replace("%", "%%"))
                        .build());
            }
        }
    }

    /**
     * Gathers the settings of a command that has been parsed: defaults, file, environment, its flags.
     *
     * @throws UserError with every fault
     */
    public static Settings gather(CommandSpec command) {
        ParseResult parsed = command.commandLine().getParseResult();
        Map<String, String> flags = new HashMap<>();
        for (Setting<?> setting : Setting.ALL) {
            OptionSpec option = parsed.matchedOption(setting.flag());
            if (option != null) {
                flags.put(setting.name(), option.getValue());
            }
        }
        OptionSpec config = parsed.matchedOption(CONFIG);
        @Nullable Path file = config == null ? null : config.getValue();
        return SettingSources.gather(file, System.getenv(), flags);
    }
}
