package io.prefstream.kit.config;

import io.micronaut.context.env.AbstractPropertySourceLoader;
import io.micronaut.context.env.MapPropertySource;
import io.micronaut.context.env.PropertiesPropertySourceLoader;
import io.micronaut.context.env.PropertySourcePropertyResolver;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import io.micronaut.context.exceptions.ConfigurationException;
import io.prefstream.kit.config.Setting.Use;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * Gathers settings: defaults, then a file, then the environment, then flags; the later one holds. What is wrong is said
 * all at once, each fault with the place it stands in.
 *
 * <p>A file is YAML or properties, its keys stand under {@code prefstream.}, and {@code ${NAME}} in a value is a variable
 * of the environment. {@code kafka.*} are settings of Kafka's clients and {@code schema-registry.*} those of the
 * registry's client, both by their own names.
 */
public final class SettingSources {

    /** Variable that names the file where no flag does. */
    public static final String FILE_VARIABLE = "PREFSTREAM_CONFIG";

    private static final String ROOT = "prefstream.";
    private static final String KAFKA = "kafka.";
    private static final String SCHEMA_REGISTRY = "schema-registry.";

    /** Variables of others that give a key too, by the name of the setting. */
    private static final Map<String, String> KEYS = Map.of(
            Setting.JUDGE_API_KEY.name(), "OPENAI_API_KEY",
            Setting.MODELS_S3_KEY_ID.name(), "AWS_ACCESS_KEY_ID",
            Setting.MODELS_S3_SECRET.name(), "AWS_SECRET_ACCESS_KEY",
            Setting.MODELS_S3_TOKEN.name(), "AWS_SESSION_TOKEN");

    /** Variables of the launcher and of the tests, which are no settings. */
    private static final Pattern NO_SETTING =
            Pattern.compile("PREFSTREAM_JAVA_.*|PREFSTREAM_DATA|PREFSTREAM_PROFILES|" + FILE_VARIABLE);

    private final List<String> faults = new ArrayList<>();

    /** What a name is called where it was given, such as a flag or a line of a file; the last giver wins. */
    private final Map<String, String> places = new HashMap<>();

    private final PropertySourcePropertyResolver resolver = new PropertySourcePropertyResolver();

    private SettingSources() {}

    /**
     * Gathers and checks.
     *
     * @param file file of settings; null takes the one that the environment names, if any
     * @param environment variables of the environment; an empty one counts as not there
     * @param flags values by the settings' names
     * @throws UserError with every fault and exit code 2
     */
    public static Settings gather(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        SettingSources sources = new SettingSources();
        String named = environment.getOrDefault(FILE_VARIABLE, "");
        Path from = file != null ? file : named.isEmpty() ? null : Path.of(named);
        if (from != null) {
            sources.addFile(from);
        }
        sources.addEnvironment(environment);
        Map<String, Object> byName = new LinkedHashMap<>();
        flags.forEach((name, value) -> byName.put(
                name, sources.placed(name, Setting.named(name).orElseThrow().flag(), value)));
        sources.add("flags", byName);
        return sources.settings();
    }

    private void addFile(Path file) {
        String name = String.valueOf(file.getFileName());
        AbstractPropertySourceLoader loader;
        if (name.endsWith(".yml") || name.endsWith(".yaml")) {
            loader = new YamlPropertySourceLoader(false);
        } else if (name.endsWith(".properties")) {
            loader = new PropertiesPropertySourceLoader(false);
        } else {
            faults.add(file + " must end with .yml, .yaml or .properties");
            return;
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file)) {
            loader.read(name, in).forEach((key, value) -> {
                if (!key.startsWith(ROOT)) {
                    faults.add(key + " in " + name + " is no setting: settings stand under " + ROOT);
                } else if (isKnown(key.substring(ROOT.length()), key + " in " + name)) {
                    String setting = key.substring(ROOT.length());
                    byName.put(setting, placed(setting, key + " in " + name, value == null ? "" : value));
                }
            });
        } catch (IOException e) {
            faults.add(file + " cannot be read");
        } catch (RuntimeException e) { // the parsers have exceptions of their own, whose messages quote the text
            faults.add(file + " is not well-formed");
        }
        add("file", byName);
    }

    private void addEnvironment(Map<String, String> environment) {
        Map<String, Object> byName = new LinkedHashMap<>();
        KEYS.forEach((name, variable) -> {
            String key = environment.getOrDefault(variable, "");
            if (!key.isBlank()) {
                byName.put(name, placed(name, variable, key));
            }
        });
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith("PREFSTREAM_")
                    || NO_SETTING.matcher(variable).matches()
                    || value.isEmpty()) {
                return;
            }
            String name = Setting.ALL.stream()
                    .filter(setting -> setting.variable().equals(variable))
                    .<String>map(Setting::name)
                    .findFirst()
                    .orElseGet(() -> passedOn(variable));
            if (isKnown(name, variable)) {
                byName.put(name, placed(name, variable, value));
            }
        });
        add("environment", byName);
    }

    private static String passedOn(String variable) {
        String name = variable.substring("PREFSTREAM_".length()).toLowerCase(Locale.ROOT);
        String registry = SCHEMA_REGISTRY.replace('-', '_').replace('.', '_');
        Optional<String> judge = JudgeSettings.ofVariable(name);
        if (judge.isPresent()) {
            return judge.get();
        }
        return name.startsWith(registry)
                ? SCHEMA_REGISTRY + name.substring(registry.length()).replace('_', '.')
                : name.replace('_', '.');
    }

    private boolean isKnown(String name, String place) {
        if (Setting.named(name).isPresent() || name.startsWith(SCHEMA_REGISTRY)) {
            return true;
        }
        Set<String> names = new TreeSet<>();
        Setting.ALL.forEach(setting -> names.add(setting.name()));
        if (name.startsWith(KAFKA)) {
            names.clear();
            AdminClientConfig.configNames().forEach(known -> names.add(KAFKA + known));
            names.remove(KAFKA + AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
            names.remove(KAFKA + AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG);
            if (names.contains(name)) {
                return true;
            }
        }
        names.addAll(JudgeSettings.namesLike(name));
        String near = nearest(name, names);
        faults.add(place + " is no setting" + (near == null ? "" : "; is it " + near + "?"));
        return false;
    }

    private Object placed(String name, String place, Object value) {
        places.put(name, place);
        return value;
    }

    private void add(String source, Map<String, Object> byName) {
        Map<String, Object> rooted = new LinkedHashMap<>();
        byName.forEach((name, value) -> rooted.put(ROOT + name, value));
        resolver.addPropertySource(MapPropertySource.of(source, rooted));
    }

    private Settings settings() {
        Map<String, Object> values = new HashMap<>();
        Map<String, String> kafka = new TreeMap<>();
        Map<String, String> schemaRegistry = new TreeMap<>();
        for (Setting<?> setting : Setting.ALL) {
            String text = places.containsKey(setting.name()) ? resolved(setting.name()) : setting.standard();
            if (text != null) {
                parse(setting, text, values);
            }
        }
        for (String name : new TreeSet<>(places.keySet())) {
            JudgeSettings.named(name).ifPresent(setting -> {
                String text = resolved(name);
                if (text != null) {
                    parse(setting, text, values);
                }
            });
            String text = name.startsWith(KAFKA) || name.startsWith(SCHEMA_REGISTRY) ? resolved(name) : null;
            if (text != null && name.startsWith(KAFKA)) {
                kafka.put(name.substring(KAFKA.length()), text);
            } else if (text != null) {
                schemaRegistry.put(name.substring(SCHEMA_REGISTRY.length()), text);
            }
        }
        Settings settings = new Settings(values, places.keySet(), kafka, schemaRegistry);
        if (faults.isEmpty()) {
            faults.addAll(SettingRules.faults(settings));
        }
        if (!faults.isEmpty()) {
            throw new UserError(String.join(System.lineSeparator() + "  and ", faults), 2);
        }
        return settings;
    }

    private @Nullable String resolved(String name) {
        try {
            return resolver.getProperty(ROOT + name, String.class).orElse(null);
        } catch (ConfigurationException e) {
            faults.add(places.get(name) + " names a variable that is not set");
            return null;
        }
    }

    private void parse(Setting<?> setting, String text, Map<String, Object> values) {
        try {
            Object value = setting.parser().apply(text);
            values.put(setting.name(), value);
        } catch (IllegalArgumentException e) {
            faults.add(places.getOrDefault(setting.name(), setting.name()) + " " + e.getMessage()
                    + (setting.use() == Use.SECRET ? "" : ", got " + text));
        }
    }

    /** The name that takes the fewest edits, or null when none is near. */
    static @Nullable String nearest(String name, Collection<String> names) {
        String best = null;
        int fewest = Math.max(2, name.length() / 3) + 1;
        for (String candidate : names) {
            int edits = edits(name, candidate);
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return best;
    }

    private static int edits(String from, String to) {
        int[] before = new int[to.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int j = 1; j < now.length; j++) {
                int swap = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(swap, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[to.length()];
    }
}
