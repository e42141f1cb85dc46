package io.prefstream.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One LLM judge: a model at an endpoint, and how it is asked.
 *
 * @param name what it is called in votes: its name in the settings, else its model's
 * @param isNamed whether it has settings of its own, {@code judges.NAME.*}
 * @param url base URL of an OpenAI-compatible endpoint; empty where only a run's settings are known
 * @param samples answers asked for in each order of the candidates, 1 or more
 * @param temperature sampling temperature; null leaves it to the endpoint
 * @param maxOutputTokens most tokens of an answer
 * @param inputPrice US dollars per million tokens read, 0 or more
 * @param outputPrice US dollars per million tokens written, 0 or more
 * @param concurrency calls under way at once
 * @param timeout longest that one try may take
 * @param patience how long an endpoint that answers nothing is waited for
 * @param retries further tries of a call that fails
 * @param requestsPerMinute most requests a minute; 0 for no limit
 * @param tokensPerMinute most tokens a minute; 0 for no limit
 * @param family model family, lower case
 * @param check whether answers need the check word: {@code auto}, {@code on} or {@code off}
 * @param batch whether calls go through the endpoint's batch API
 */
public record Judge(
        String name,
        boolean isNamed,
        String url,
        String model,
        int samples,
        @Nullable Double temperature,
        int maxOutputTokens,
        double inputPrice,
        double outputPrice,
        int concurrency,
        Duration timeout,
        Duration patience,
        int retries,
        int requestsPerMinute,
        int tokensPerMinute,
        String family,
        String check,
        boolean batch) {

    /** What the names of settings that hold for every judge begin with. */
    public static final String ROOT = "judge.";

    /** Settings of a judge that has a name; its name and the field are the groups. */
    public static final Pattern NAMED = Pattern.compile("judges\\.([a-z0-9][a-z0-9-]{0,62})\\.([a-z-]+)");

    /** Every judge in the settings: those of {@code judge.model}, in its order, then those with a name, sorted. */
    public static List<Judge> all(Map<String, String> settings) {
        List<Judge> judges = new ArrayList<>();
        Stream.of(settings.getOrDefault("judge.model", "").split(",", -1))
                .map(String::strip)
                .filter(model -> !model.isEmpty())
                .forEach(model -> judges.add(of(model, false, model, settings)));
        for (String name : names(settings.keySet())) {
            judges.add(of(name, true, settings.getOrDefault("judges." + name + ".model", ""), settings));
        }
        return judges;
    }

    /** Names of the judges that have settings of their own among names of settings, sorted. */
    public static SortedSet<String> names(Collection<String> settings) {
        TreeSet<String> names = new TreeSet<>();
        for (String setting : settings) {
            Matcher parts = NAMED.matcher(setting);
            if (parts.matches()) {
                names.add(parts.group(1));
            }
        }
        return names;
    }

    /** The models that describe pairs, at the endpoint of {@code judge.url}, asked once each; none when none is set. */
    public static List<Judge> taggers(Map<String, String> settings) {
        return Stream.of(settings.getOrDefault("tagger.model", "").split(",", -1))
                .map(String::strip)
                .filter(model -> !model.isEmpty())
                .map(model -> of(model, false, model, settings))
                .toList();
    }

    /** The family that a model's name tells: its first letters, such as {@code gpt} of {@code openai/gpt-4o}. */
    public static String familyOf(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < name.length() && Character.isLetter(name.charAt(end))) {
            end++;
        }
        return name.substring(0, end);
    }

    /** The key under which it is told whether a judge that has {@code check} on auto gives the check word. */
    public static String foundCheck(String name) {
        return "found/check/" + name;
    }

    /** Calls that a pair takes: every sample in both orders. */
    public int callsPerPair() {
        return 2 * samples;
    }

    /** The price as it was set, {@code IN,OUT}; empty when none was. */
    public String price(Map<String, String> settings) {
        return setting(settings, name, isNamed, "price", "");
    }

    /** The setting that holds the key, to be told to a person. */
    public String keySetting() {
        return isNamed ? "judges." + name + ".api-key" : "OPENAI_API_KEY or judge.api-key";
    }

    private static Judge of(String name, boolean isNamed, String model, Map<String, String> settings) {
        Field field = (suffix, standard) -> setting(settings, name, isNamed, suffix, standard);
        String temperature = field.of("temperature", "0");
        String price = field.of("price", "");
        int comma = price.indexOf(',');
        return new Judge(
                name,
                isNamed,
                field.of("url", ""),
                model,
                Integer.parseInt(field.of("samples", "1")),
                temperature.equals("default") ? null : (Double) Double.parseDouble(temperature),
                Integer.parseInt(field.of("max-output-tokens", "512")),
                comma < 0 ? 0 : Double.parseDouble(price.substring(0, comma)),
                comma < 0 ? 0 : Double.parseDouble(price.substring(comma + 1)),
                Integer.parseInt(field.of("concurrency", "16")),
                Duration.ofSeconds(Integer.parseInt(field.of("timeout", "120"))),
                Duration.ofSeconds(Integer.parseInt(field.of("patience", "3600"))),
                Integer.parseInt(field.of("retries", "5")),
                Integer.parseInt(field.of("requests-per-minute", "0")),
                Integer.parseInt(field.of("tokens-per-minute", "0")),
                field.of("family", familyOf(model)).toLowerCase(Locale.ROOT),
                settings.getOrDefault(foundCheck(name), field.of("check", "auto")),
                Boolean.parseBoolean(field.of("batch", "false")));
    }

    private interface Field {
        String of(String suffix, String standard);
    }

    private static String setting(
            Map<String, String> settings, String name, boolean isNamed, String field, String standard) {
        String common = settings.getOrDefault(ROOT + field, standard);
        return isNamed ? settings.getOrDefault("judges." + name + "." + field, common) : common;
    }
}
