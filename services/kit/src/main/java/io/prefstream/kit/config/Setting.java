package io.prefstream.kit.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One setting, which a file ({@code prefstream.<name>}), the environment ({@link #variable}) or a flag ({@link #flag})
 * may give. The constants are all there are.
 *
 * @param name its name, lower case, words parted by dots and hyphens
 * @param flag its flag on the command line, with hyphens in front
 * @param value what stands for its value in help
 * @param standard its value where none is given; null when it has none
 * @param parser reads a text, and throws {@link IllegalArgumentException} that says what it must be
 * @param use what it decides
 * @param doc what it is, in a line
 */
public record Setting<T>(
        String name,
        String flag,
        String value,
        @Nullable String standard,
        Function<String, T> parser,
        Use use,
        String doc) {

    /** What a setting decides. */
    public enum Use {
        /** What comes out of a run: recorded with the run, and the same for all runs on a folder. */
        RUN,
        /** What comes out of a run that LLMs judge. */
        JUDGED_RUN,
        /** Where and how the judges are reached. */
        JUDGES,
        /** Where and how the process runs. */
        PROCESS,
        /** A key: never printed, and recorded nowhere. */
        SECRET
    }

    public static final Setting<Integer> ROUNDS =
            setting("rounds", "N", "8", atLeast(1), Use.RUN, "Most rounds of training and labelling.");
    public static final Setting<Long> SEED =
            setting("seed", "N", "0", Setting::whole, Use.RUN, "Salts every hash; the same seed gives the same bytes.");
    public static final Setting<String> DECISION = setting(
            "decision",
            "HOW",
            "calibrated",
            oneOf("calibrated", "paper"),
            Use.RUN,
            "calibrated: by probability and gates; paper: by the paper's table alone.");
    public static final Setting<Integer> GOLD_MIN =
            setting("gold.min", "N", "30", atLeast(1), Use.RUN, "Decided human labels needed to decide anything.");
    public static final Setting<Double> KEEP = setting(
            "keep", "P", "0.85", Setting::share, Use.RUN, "Keep from this probability that the label is right, 0..1.");
    public static final Setting<Double> FLIP =
            setting("flip", "P", "0.1", Setting::share, Use.RUN, "Flip up to this probability, 0..1.");
    public static final Setting<Integer> TO_LABEL =
            setting("to-label", "N", "200", atLeast(1), Use.RUN, "Pairs that people are asked to label next.");

    public static final Setting<String> NEAR_DUPLICATES = setting(
            "near-duplicates",
            "HOW",
            "flag",
            oneOf("flag", "drop"),
            Use.RUN,
            "flag: pairs much like an earlier one are counted and listed; drop: they are discarded as well.");
    public static final Setting<String> PII = setting(
            "pii",
            "HOW",
            "keep",
            oneOf("keep", "redact", "drop"),
            Use.RUN,
            "keep: pairs with personal data are marked and counted; redact: the data is replaced before anything else; drop:"
                    + " pairs that score pii.drop-from or more are refused.");
    public static final Setting<Integer> PII_DROP_FROM = setting(
            "pii.drop-from",
            "SCORE",
            "2",
            within(1, 3),
            Use.RUN,
            "Least score that is dropped: 1 addresses of machines, 2 of people, 3 numbers of cards and accounts, and keys.");

    public static final Setting<String> JUDGE_URL = setting(
            "judge.url",
            "URL",
            null,
            Setting::url,
            Use.JUDGES,
            "OpenAI-compatible endpoint of LLM judges, such as http://localhost:8000/v1; without it the built-in judges"
                    + " vote.");
    public static final Setting<String> JUDGE_MODEL = setting(
            "judge.model",
            "NAME",
            null,
            Setting::text,
            Use.JUDGED_RUN,
            "Model that judges; several, comma-separated, vote.");
    public static final Setting<String> TAGGER_MODEL = setting(
            "tagger.model",
            "NAME",
            null,
            Setting::text,
            Use.JUDGED_RUN,
            "Model at the same endpoint that describes labelled and judged pairs for the judges, within the same calls,"
                    + " price and budget; without it the built-in tagger describes all.");
    public static final Setting<Integer> JUDGE_SAMPLES = setting(
            "judge.samples",
            "N",
            "1",
            within(1, 32),
            Use.JUDGED_RUN,
            "Answers of a judge in each order of the candidates.");
    public static final Setting<Integer> JUDGES_MAX_CALLS = new Setting<>(
            "judges.max-calls", "--judge-calls", "N", "20000", atLeast(1), Use.JUDGED_RUN, "Most calls of a run.");
    public static final Setting<String> JUDGE_PRICE = setting(
            "judge.price",
            "IN,OUT",
            null,
            Setting::price,
            Use.JUDGED_RUN,
            "What the endpoint charges, US dollars per million tokens read and written; needed for any host that isn't"
                    + " private, 0,0 when it is free.");
    public static final Setting<Double> BUDGET_USD = setting(
            "budget.usd",
            "USD",
            null,
            Setting::amount,
            Use.JUDGED_RUN,
            "Hard stop: no call starts that could pass it. Needed where calls cost money.");
    public static final Setting<String> JUDGE_TEMPERATURE = setting(
            "judge.temperature",
            "T",
            "0",
            Setting::temperature,
            Use.JUDGED_RUN,
            "Sampling temperature, 0..2, or default to leave it to the endpoint, as some models demand.");
    public static final Setting<Integer> JUDGE_MAX_OUTPUT_TOKENS =
            setting("judge.max-output-tokens", "N", "512", atLeast(16), Use.JUDGED_RUN, "Most tokens of an answer.");
    public static final Setting<Integer> JUDGE_CONCURRENCY =
            setting("judge.concurrency", "N", "16", within(1, 4096), Use.JUDGES, "Calls under way at once.");
    public static final Setting<Integer> JUDGE_TIMEOUT =
            setting("judge.timeout", "S", "120", atLeast(1), Use.JUDGES, "Seconds that one try of a call may take.");
    public static final Setting<Integer> JUDGE_PATIENCE = setting(
            "judge.patience",
            "S",
            "600",
            atLeast(0),
            Use.JUDGES,
            "Seconds for which an endpoint that cannot be reached is tried again before the stage gives up.");
    public static final Setting<String> JUDGE_API_KEY = setting(
            "judge.api-key",
            "KEY",
            null,
            Setting::text,
            Use.SECRET,
            "Key of the endpoint; OPENAI_API_KEY gives it too. It has no flag, since others can read a command line.");
    public static final Setting<Path> JUDGE_API_KEY_FILE =
            setting("judge.api-key-file", "FILE", null, Path::of, Use.JUDGES, "File that holds the endpoint's key.");

    public static final Setting<String> BOOTSTRAP =
            setting("bootstrap", "SERVERS", "localhost:9092", Setting::text, Use.PROCESS, "Kafka's bootstrap servers.");
    public static final Setting<String> REGISTRY = setting(
            "registry", "URL", "http://localhost:8081", Setting::url, Use.PROCESS, "URL of the schema registry.");
    public static final Setting<String> PREFIX =
            setting("prefix", "TEXT", "", Setting::prefix, Use.PROCESS, "Put before every topic and application id.");
    public static final Setting<Integer> PARTITIONS = setting(
            "partitions", "N", "4", within(1, 256), Use.PROCESS, "Partitions of pair-keyed topics that are made.");
    public static final Setting<Short> REPLICATION = setting(
            "replication",
            "N",
            "1",
            text -> within(1, 32).apply(text).shortValue(),
            Use.PROCESS,
            "Replication factor of topics that are made.");
    public static final Setting<Path> STATE_DIR = setting(
            "state-dir", "DIR", "state", Path::of, Use.PROCESS, "Folder of the state stores, stable over restarts.");
    public static final Setting<String> INSTANCE = setting(
            "instance",
            "NAME",
            "one",
            Setting::text,
            Use.PROCESS,
            "Name of this instance, stable over restarts and unique among the stage's instances.");
    public static final Setting<Integer> THREADS =
            setting("threads", "N", "1", within(1, 256), Use.PROCESS, "Stream threads of a stage.");
    public static final Setting<Duration> SESSION_TIMEOUT = setting(
            "session-timeout",
            "S",
            "60",
            text -> Duration.ofSeconds(within(6, 1800).apply(text)),
            Use.PROCESS,
            "Seconds after which a silent instance loses its tasks.");
    public static final Setting<String> HTTP_HOST = setting(
            "http-host",
            "HOST",
            "127.0.0.1",
            Setting::text,
            Use.PROCESS,
            "Address on which health and metrics are served; 0.0.0.0 in a container.");
    public static final Setting<Integer> HTTP_PORT = setting(
            "http-port", "PORT", "8080", port(), Use.PROCESS, "Port of health and metrics; 0 takes a free one.");
    public static final Setting<Integer> KAFKA_PORT = setting(
            "kafka-port", "PORT", "9092", port(), Use.PROCESS, "Port of the embedded Kafka on loopback, of serve.");
    public static final Setting<Integer> REGISTRY_PORT = setting(
            "registry-port",
            "PORT",
            "8081",
            port(),
            Use.PROCESS,
            "Port of the embedded registry on loopback, of serve.");
    public static final Setting<Integer> ROUNDS_LABELS = setting(
            "rounds.labels",
            "N",
            "100",
            atLeast(1),
            Use.PROCESS,
            "New human labels at which a process that serves starts a run.");
    public static final Setting<Duration> ROUNDS_EVERY = setting(
            "rounds.every",
            "HOURS",
            "24",
            text -> Duration.ofHours(within(0, 87_600).apply(text)),
            Use.PROCESS,
            "Hours after the last run at which it starts one for anything new.");

    /** Settings that decide how a run goes, and who judges. */
    public static final List<Setting<?>> OF_A_RUN = List.of(
            ROUNDS,
            SEED,
            DECISION,
            GOLD_MIN,
            KEEP,
            FLIP,
            TO_LABEL,
            NEAR_DUPLICATES,
            PII,
            PII_DROP_FROM,
            JUDGE_URL,
            JUDGE_MODEL,
            TAGGER_MODEL,
            JUDGE_SAMPLES,
            JUDGES_MAX_CALLS,
            JUDGE_PRICE,
            BUDGET_USD,
            JUDGE_TEMPERATURE,
            JUDGE_MAX_OUTPUT_TOKENS,
            JUDGE_CONCURRENCY,
            JUDGE_TIMEOUT,
            JUDGE_PATIENCE,
            JUDGE_API_KEY,
            JUDGE_API_KEY_FILE);

    /** Settings of a process that runs one stage. */
    public static final List<Setting<?>> OF_A_STAGE = List.of(
            BOOTSTRAP,
            REGISTRY,
            PREFIX,
            PARTITIONS,
            REPLICATION,
            STATE_DIR,
            INSTANCE,
            THREADS,
            SESSION_TIMEOUT,
            HTTP_HOST,
            HTTP_PORT);

    /** Settings of a process that runs broker, registry and all stages. */
    public static final List<Setting<?>> OF_SERVE =
            List.of(PARTITIONS, KAFKA_PORT, REGISTRY_PORT, HTTP_HOST, HTTP_PORT, ROUNDS_LABELS, ROUNDS_EVERY);

    /** Every setting, in the order of their page. */
    public static final List<Setting<?>> ALL = Stream.of(
                    OF_A_RUN, OF_A_STAGE, List.<Setting<?>>of(KAFKA_PORT, REGISTRY_PORT, ROUNDS_LABELS, ROUNDS_EVERY))
            .flatMap(List::stream)
            .toList();

    private static final String VARIABLE_PREFIX = "PREFSTREAM_";

    /** The setting of this name. */
    public static Optional<Setting<?>> named(String name) {
        return ALL.stream().filter(setting -> setting.name.equals(name)).findFirst();
    }

    /** Its variable in the environment. */
    public String variable() {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Whether a flag may give it; keys stay off the command line. */
    public boolean hasFlag() {
        return use != Use.SECRET;
    }

    private static <T> Setting<T> setting(
            String name, String value, @Nullable String standard, Function<String, T> parser, Use use, String doc) {
        return new Setting<>(name, "--" + name.replace('.', '-'), value, standard, parser, use, doc);
    }

    private static long whole(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException("must be a whole number");
        }
        return Long.parseLong(text);
    }

    private static Function<String, Integer> atLeast(int least) {
        return text -> bounded(text, least, Integer.MAX_VALUE, "must be a whole number, " + least + " or more");
    }

    private static Function<String, Integer> within(int least, int most) {
        return text -> bounded(text, least, most, "must be a whole number in " + least + ".." + most);
    }

    private static Function<String, Integer> port() {
        return within(0, 65535);
    }

    private static int bounded(String text, int least, int most, String demand) {
        if (!text.matches("-?\\d{1,18}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new IllegalArgumentException(demand);
        }
        return Integer.parseInt(text);
    }

    private static double share(String text) {
        return number(text, 1, "must be a number in 0..1");
    }

    private static double amount(String text) {
        return number(text, Double.MAX_VALUE, "must be an amount of US dollars, 0 or more");
    }

    private static double number(String text, double most, String demand) {
        if (!text.matches("\\d{1,15}(\\.\\d*)?([eE]-?\\d{1,3})?|\\.\\d+") || Double.parseDouble(text) > most) {
            throw new IllegalArgumentException(demand);
        }
        return Double.parseDouble(text);
    }

    private static String temperature(String text) {
        return text.equals("default") ? text : Double.toString(number(text, 2, "must be a number in 0..2, or default"));
    }

    private static Function<String, String> oneOf(String... values) {
        return text -> {
            if (!List.of(values).contains(text)) {
                throw new IllegalArgumentException("must be " + String.join(" or ", values));
            }
            return text;
        };
    }

    private static String price(String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,9})?,\\d{1,9}(\\.\\d{1,9})?")) {
            throw new IllegalArgumentException("must be two numbers, IN,OUT");
        }
        return text;
    }

    private static String url(String text) {
        if (!text.matches("https?://\\S+") || !URI.create(text).isAbsolute()) {
            throw new IllegalArgumentException("must start with http:// or https://");
        }
        return text;
    }

    private static String prefix(String text) {
        if (!text.matches("[a-zA-Z0-9._-]{0,100}")) {
            throw new IllegalArgumentException("must be letters, digits, dots, hyphens and underscores");
        }
        return text;
    }

    private static String text(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text.strip();
    }
}
