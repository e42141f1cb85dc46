package io.prefstream.kit.config;

import io.prefstream.core.judge.Judge;
import io.prefstream.kit.config.Setting.Use;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The settings of a process, checked. */
public final class Settings {

    private final Map<String, Object> values;
    private final Set<String> given;
    private final Map<String, String> kafka;
    private final Map<String, String> schemaRegistry;

    Settings(
            Map<String, Object> values,
            Set<String> given,
            Map<String, String> kafka,
            Map<String, String> schemaRegistry) {
        this.values = Map.copyOf(values);
        this.given = Set.copyOf(given);
        this.kafka = Map.copyOf(kafka);
        this.schemaRegistry = Map.copyOf(schemaRegistry);
    }

    /** Value of a setting that has a default. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalArgumentException(setting.name() + " has no value"));
    }

    /** Value of a setting; empty when none was given and it has no default. */
    @SuppressWarnings("unchecked") // the setting's own parser made it
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting.name()));
    }

    /** Whether file, environment or a flag gave it a value. */
    public boolean isGiven(Setting<?> setting) {
        return given.contains(setting.name());
    }

    /** What decides the outcome of a run, by name, as it is recorded with it. */
    public Map<String, String> run() {
        return by(isJudged() ? Set.of(Use.RUN, Use.JUDGED_RUN) : Set.of(Use.RUN));
    }

    /** What the stages need to know, by name: the run's settings, {@link #models}, and how the judges are reached. Holds keys. */
    public Map<String, String> stages() {
        Map<String, String> all = new TreeMap<>(run());
        all.putAll(models());
        if (isJudged()) {
            all.putAll(by(Set.of(Use.JUDGES, Use.SECRET)));
        }
        return all;
    }

    /** Where reward models of text come from, and what they run on, by name. Holds the key to their store. */
    public Map<String, String> models() {
        Map<String, String> found = new TreeMap<>();
        for (Setting<?> setting : Setting.OF_MODELS) {
            find(setting).ifPresent(value -> found.put(setting.name(), value.toString()));
        }
        return found;
    }

    /** Whether LLMs judge. */
    boolean isJudged() {
        return find(Setting.JUDGE_URL).isPresent() || !judgeNames().isEmpty();
    }

    /** Names of the judges that have settings of their own, sorted. */
    Set<String> judgeNames() {
        return Judge.names(values.keySet());
    }

    /** Settings of every Kafka client, such as security, by Kafka's names. */
    public Map<String, String> kafka() {
        return kafka;
    }

    /** Further settings of the registry's client, by Confluent's names. */
    public Map<String, String> schemaRegistry() {
        return schemaRegistry;
    }

    private Map<String, String> by(Set<Use> uses) {
        Map<String, String> found = new TreeMap<>();
        for (Setting<?> setting : Setting.ALL) {
            if (uses.contains(setting.use())) {
                find(setting).ifPresent(value -> found.put(setting.name(), value.toString()));
            }
        }
        for (String name : values.keySet()) {
            JudgeSettings.named(name)
                    .filter(setting -> uses.contains(setting.use()))
                    .ifPresent(setting -> found.put(name, String.valueOf(values.get(name))));
        }
        return found;
    }

    /** Names of the settings that have a value; no value, since some are keys. */
    @Override
    public String toString() {
        return "settings " + new TreeMap<>(values).keySet();
    }
}
