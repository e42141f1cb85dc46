package io.prefstream.kit.config;

import io.prefstream.core.judge.Judge;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of judges that have a name: {@code judges.NAME.FIELD}, where every field is one of {@code judge.FIELD} for this
 * judge alone. They stand in the file or the environment, and have no flags.
 */
final class JudgeSettings {

    private static final String ROOT = "judges.";
    private static final Pattern VARIABLE = Pattern.compile("judges_([a-z0-9]+)_([a-z_]+)");
    private static final List<Setting<?>> FIELDS = List.of(
            Setting.JUDGE_URL,
            Setting.JUDGE_MODEL,
            Setting.JUDGE_SAMPLES,
            Setting.JUDGE_PRICE,
            Setting.JUDGE_TEMPERATURE,
            Setting.JUDGE_MAX_OUTPUT_TOKENS,
            Setting.JUDGE_CONCURRENCY,
            Setting.JUDGE_TIMEOUT,
            Setting.JUDGE_PATIENCE,
            Setting.JUDGE_RETRIES,
            Setting.JUDGE_REQUESTS_PER_MINUTE,
            Setting.JUDGE_TOKENS_PER_MINUTE,
            Setting.JUDGE_FAMILY,
            Setting.JUDGE_CHECK,
            Setting.JUDGE_BATCH,
            Setting.JUDGE_API_KEY,
            Setting.JUDGE_API_KEY_FILE);

    private JudgeSettings() {}

    /** The setting of this name; empty when it is none of a named judge. */
    static Optional<Setting<?>> named(String name) {
        Matcher parts = Judge.NAMED.matcher(name);
        return parts.matches() ? field(parts.group(2)).map(field -> forJudge(name, field)) : Optional.empty();
    }

    private static <T> Setting<T> forJudge(String name, Setting<T> field) {
        return new Setting<>(name, "", field.value(), null, field.parser(), field.use(), field.doc());
    }

    /** The name that a variable of the environment stands for, given in lower case without the product's prefix. */
    static Optional<String> ofVariable(String variable) {
        Matcher parts = VARIABLE.matcher(variable);
        return parts.matches()
                ? field(parts.group(2).replace('_', '-')).map(field -> ROOT + parts.group(1) + "." + suffix(field))
                : Optional.empty();
    }

    /** What might have been meant by a name that is no setting. */
    static Set<String> namesLike(String name) {
        Set<String> names = new TreeSet<>();
        Matcher parts = Pattern.compile("judges\\.([^.]+)\\..*").matcher(name);
        if (parts.matches()) {
            FIELDS.forEach(field -> names.add(ROOT + parts.group(1).toLowerCase(Locale.ROOT) + "." + suffix(field)));
        }
        return names;
    }

    private static Optional<Setting<?>> field(String suffix) {
        return FIELDS.stream().filter(field -> suffix(field).equals(suffix)).findFirst();
    }

    private static String suffix(Setting<?> field) {
        return field.name().substring(Judge.ROOT.length());
    }
}
