package io.prefstream.kit.config;

import io.prefstream.core.features.FeatureSet;
import io.prefstream.core.select.Quotas;
import io.prefstream.core.select.Strategy;
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
        /** Where reward models of text come from, and what they run on. */
        MODELS,
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
    public static final Setting<String> FUSION = setting(
            "fusion",
            "HOW",
            "majority",
            oneOf("majority", "dawid-skene"),
            Use.RUN,
            "What several raters of a pair say together. majority: most votes; dawid-skene: by what each one's votes have"
                    + " been worth, learnt from the votes alone.");
    public static final Setting<Integer> GOLD_MIN =
            setting("gold.min", "N", "30", atLeast(1), Use.RUN, "Decided human labels needed to decide anything.");
    public static final Setting<Double> KEEP = setting(
            "keep", "P", "0.85", Setting::share, Use.RUN, "Keep from this probability that the label is right, 0..1.");
    public static final Setting<Double> FLIP =
            setting("flip", "P", "0.1", Setting::share, Use.RUN, "Flip up to this probability, 0..1.");
    public static final Setting<Double> FLIP_AUDIT = setting(
            "flip.audit",
            "SHARE",
            null,
            Setting::share,
            Use.RUN,
            "Share of the flips of models that every run has people judge unseen, 0..1, at least 20 flips when there are so"
                    + " many; without it 0.02; 0: none.");
    public static final Setting<Double> FLIP_MIN_PRECISION = setting(
            "flip.min-precision",
            "P",
            null,
            Setting::share,
            Use.RUN,
            "Precision, 0..1, that people have to confirm: where the lower end of its 90 % interval on 20 judged flips or"
                    + " more lies below, overall or in a task category, models flip nothing more there; without it 0.80.");
    public static final Setting<String> PROFILE = setting(
            "profile",
            "PROFILE",
            null,
            oneOf("curated", "curated+recycled"),
            Use.RUN,
            "What the release is, and what the dataset card loads by default. curated: pairs whose label stands or people"
                    + " corrected; curated+recycled: also those that models flipped; without it curated.");
    public static final Setting<Double> EPSILON = setting(
            "epsilon",
            "E",
            null,
            Setting::band,
            Use.RUN,
            "Where the best reward model says P(chosen better) within this of .5, below .5, judges are asked; without it"
                    + " 0: no band.");
    public static final Setting<Double> EPSILON_GOLD = setting(
            "epsilon.gold",
            "E",
            null,
            Setting::band,
            Use.RUN,
            "Where the gold reward model says P(chosen better) within this of .5, below .5, the pair is quarantined; without"
                    + " it 0: no band.");
    public static final Setting<Integer> TO_LABEL =
            setting("to-label", "N", "200", atLeast(1), Use.RUN, "Pairs that people are asked to label next.");

    public static final Setting<String> FEATURES = setting(
            "features",
            "NAMES",
            null,
            text -> FeatureSet.parse(text).words(),
            Use.RUN,
            "What the built-in reward models read of an answer, comma-separated: encoder, lexical, structural; without it all.");
    public static final Setting<String> PENALTY = setting(
            "penalty",
            "HOW",
            null,
            oneOf("fixed", "gold"),
            Use.RUN,
            "How strongly heads on human and silver labels are regularised. fixed: always alike; gold: as their loss on"
                    + " human labels that they have not seen is least; without it fixed.");

    public static final Setting<String> INGEST_RULES = setting(
            "ingest.rules",
            "NAMES",
            null,
            someOf("choice", "ranking", "rating", "thumbs", "edit", "regeneration"),
            Use.RUN,
            "Rules by which conversations become pairs, comma-separated: choice, ranking, rating, thumbs, edit,"
                    + " regeneration; without it all.");
    public static final Setting<String> INGEST_RANKINGS = setting(
            "ingest.rankings",
            "HOW",
            null,
            oneOf("all", "adjacent", "best-worst"),
            Use.RUN,
            "Pairs of ranked or rated answers of a conversation: all, adjacent or best-worst; without it all.");
    public static final Setting<String> RETRIEVAL_STRATEGY = setting(
            "retrieval.strategy",
            "HOW",
            "similarity",
            text -> Strategy.named(text).wireName(),
            Use.RUN,
            "How a round chooses pairs to label: similarity, posterior, disagreement or random.");
    public static final Setting<Double> RETRIEVAL_CONTROL = setting(
            "retrieval.control",
            "SHARE",
            "0.05",
            Setting::share,
            Use.RUN,
            "Share of a round's requests that is drawn at random, to compare the others with, 0..1.");
    public static final Setting<Double> SHADOW_SHARE = setting(
            "shadow.share",
            "SHARE",
            null,
            Setting::share,
            Use.RUN,
            "Share of the pool that announced models score beside the one that decides, 0..1; without it none.");
    public static final Setting<String> RETRIEVAL_QUOTAS = setting(
            "retrieval.quotas",
            "QUOTAS",
            null,
            Setting::quotas,
            Use.RUN,
            "The most that strata may take of a round's requests, such as Math/*=30%,*/subjective/high=50.");
    public static final Setting<Double> HUMAN_PRICE = setting(
            "human.price",
            "USD",
            null,
            Setting::amount,
            Use.RUN,
            "What a person's label costs, US dollars; counts against the budget and in the account of costs. Nothing"
                    + " without it.");
    public static final Setting<String> STOP_GAIN = setting(
            "stop.gain",
            "POINTS",
            null,
            Setting::gain,
            Use.RUN,
            "Rounds end when gold accuracy rises by less: points (hundredths) a round such as 0.3, or a dollar such as"
                    + " 0.3/usd; without it, when it doesn't rise.");
    public static final Setting<Integer> STOP_ROUNDS = setting(
            "stop.rounds", "N", null, atLeast(1), Use.RUN, "Rounds over which that rise is measured; two without it.");
    public static final Setting<String> NEAR_DUPLICATES = setting(
            "near-duplicates",
            "HOW",
            "flag",
            oneOf("flag", "drop"),
            Use.RUN,
            "flag: pairs much like an earlier one are counted and listed; drop: they are discarded as well.");
    public static final Setting<String> SELECTION = setting(
            "selection",
            "HOW",
            null,
            oneOf("off", "preset"),
            Use.RUN,
            "preset: of the pairs that models keep or flip only those go out on which raters agree, of which models are sure,"
                    + " and which differ from each other; without it off.");
    public static final Setting<Double> SELECTION_AGREEMENT = setting(
            "selection.agreement",
            "SHARE",
            null,
            Setting::share,
            Use.RUN,
            "Least share of judges' votes for the label of a selected pair, 0..1; without it 0.8.");
    public static final Setting<Double> SELECTION_MARGIN = setting(
            "selection.margin",
            "M",
            null,
            Setting::share,
            Use.RUN,
            "p - (1 - p) of a selected pair's label must be above this, 0..1; without it 0.3.");
    public static final Setting<Double> SELECTION_SHARE = setting(
            "selection.share",
            "SHARE",
            null,
            Setting::part,
            Use.RUN,
            "Share of each topic's pairs beyond both thresholds that is selected, above 0 to 1; without it 0.5.");
    public static final Setting<Integer> SELECTION_CLUSTERS = setting(
            "selection.clusters",
            "N",
            null,
            within(1, 10_000),
            Use.RUN,
            "Most topics that selection tells apart; without it 50.");
    public static final Setting<Integer> SELECTION_WINDOW = setting(
            "selection.window",
            "N",
            null,
            within(2, 20_000),
            Use.RUN,
            "Most pairs of a topic that selection compares with each other; without it 2000.");
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
                    + " price and budget; several, comma-separated, are merged; without it the built-in tagger"
                    + " describes all.");
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
    public static final Setting<String> BUDGET_HUMAN_RESERVE = setting(
            "budget.human-reserve",
            "USD",
            null,
            Setting::reserve,
            Use.JUDGED_RUN,
            "Part of the budget that calls may never touch, kept for people: US dollars, or a share such as 20%.");
    public static final Setting<String> SOURCES = setting(
            "sources",
            "HOW",
            null,
            oneOf("all", "value"),
            Use.JUDGED_RUN,
            "Whom to ask about a pair that the models leave open. all: every judge, also without this setting; value: of"
                    + " judges and people the one whose answer tells most for a dollar, as measured on gold.");
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
            "3600",
            atLeast(0),
            Use.JUDGES,
            "Seconds for which an endpoint that answers nothing is waited for before the stage stops; all waits with it.");
    public static final Setting<Integer> JUDGE_RETRIES = setting(
            "judge.retries",
            "N",
            "5",
            within(0, 100),
            Use.JUDGES,
            "Further tries of a call that fails by a busy or broken endpoint; then the judge has no vote.");
    public static final Setting<Integer> JUDGE_REQUESTS_PER_MINUTE = setting(
            "judge.requests-per-minute",
            "N",
            "0",
            atLeast(0),
            Use.JUDGES,
            "Most requests a minute to one judge; 0 for no limit.");
    public static final Setting<Integer> JUDGE_TOKENS_PER_MINUTE = setting(
            "judge.tokens-per-minute",
            "N",
            "0",
            atLeast(0),
            Use.JUDGES,
            "Most tokens a minute, read and written, of one judge; 0 for no limit.");
    public static final Setting<String> JUDGE_FAMILY = setting(
            "judge.family",
            "NAME",
            null,
            Setting::text,
            Use.JUDGED_RUN,
            "Model family of the judge, which never decides alone over answers of its own; without it, the letters that"
                    + " the model's name begins with.");
    public static final Setting<String> JUDGE_CHECK = setting(
            "judge.check",
            "HOW",
            "auto",
            oneOf("auto", "on", "off"),
            Use.JUDGES,
            "Whether an answer counts only with the check word, which an answer that obeys a judged text lacks; auto: if"
                    + " the judge gives it.");
    public static final Setting<Boolean> JUDGE_BATCH = setting(
            "judge.batch",
            "BOOL",
            "false",
            Setting::yesOrNo,
            Use.JUDGES,
            "Whether calls go through the endpoint's batch API, at half the price and within a day.");
    public static final Setting<Integer> JUDGE_CANARY = setting(
            "judge.canary",
            "N",
            "0",
            within(0, 60),
            Use.JUDGED_RUN,
            "Labelled pairs about which every later run asks the judges again, to notice that a model has changed.");
    public static final Setting<Boolean> JUDGE_PRE_VERIFY = setting(
            "judge.pre-verify",
            "BOOL",
            "false",
            Setting::yesOrNo,
            Use.JUDGED_RUN,
            "Whether the first judge says of each answer alone, of the objective pairs that people are asked about, whether"
                    + " it is correct: a help for people, within the same calls and budget.");
    public static final Setting<String> JUDGE_API_KEY = setting(
            "judge.api-key",
            "KEY",
            null,
            Setting::text,
            Use.SECRET,
            "Key of the endpoint; OPENAI_API_KEY gives it too. It has no flag, since others can read a command line.");
    public static final Setting<Path> JUDGE_API_KEY_FILE =
            setting("judge.api-key-file", "FILE", null, Path::of, Use.JUDGES, "File that holds the endpoint's key.");

    public static final Setting<String> MODELS_ALLOWED = setting(
            "models.allowed",
            "URIS",
            null,
            Setting::text,
            Use.MODELS,
            "Where announced reward models of text may come from: the beginnings of URIs, comma-separated, such as"
                    + " s3://models/rewards/,https://models.example.com/,/srv/models. Without it, only what a person has"
                    + " published on this machine.");
    public static final Setting<Path> MODELS_CACHE = setting(
            "models.cache",
            "DIR",
            null,
            Path::of,
            Use.MODELS,
            "Folder in which fetched models lie, each by its SHA-256; without it, models in the data folder.");
    public static final Setting<String> MODELS_S3_ENDPOINT = setting(
            "models.s3.endpoint",
            "URL",
            null,
            Setting::url,
            Use.MODELS,
            "S3-compatible store, such as http://minio:9000, asked with the bucket in the path; without it, AWS.");
    public static final Setting<String> MODELS_S3_REGION =
            setting("models.s3.region", "NAME", "us-east-1", Setting::text, Use.MODELS, "Region of the store.");
    public static final Setting<String> MODELS_S3_KEY_ID = setting(
            "models.s3.access-key-id",
            "KEY",
            null,
            Setting::text,
            Use.SECRET,
            "Id of the key to the store; AWS_ACCESS_KEY_ID gives it too. Without it, the SDK looks where AWS's tools do.");
    public static final Setting<String> MODELS_S3_SECRET = setting(
            "models.s3.secret-access-key",
            "KEY",
            null,
            Setting::text,
            Use.SECRET,
            "Key to the store; AWS_SECRET_ACCESS_KEY gives it too.");
    public static final Setting<String> MODELS_S3_TOKEN = setting(
            "models.s3.session-token",
            "TOKEN",
            null,
            Setting::text,
            Use.SECRET,
            "Token of a key that is lent for a time; AWS_SESSION_TOKEN gives it too.");
    public static final Setting<String> MODELS_DEVICES = setting(
            "models.devices",
            "DEVICES",
            "cpu",
            Setting::devices,
            Use.MODELS,
            "What reward models of text run on: cpu, gpu for all GPUs, or numbers of GPUs such as 0,2; the model is loaded"
                    + " on each.");
    public static final Setting<Integer> MODELS_INSTANCES = setting(
            "models.instances",
            "N",
            "0",
            within(0, 256),
            Use.MODELS,
            "Calls of a model at a time on each device; 0 for as many as cores on a CPU and 2 on a GPU.");
    public static final Setting<Integer> MODELS_BATCH_TOKENS = setting(
            "models.batch-tokens",
            "N",
            "32768",
            atLeast(1),
            Use.MODELS,
            "Most tokens of a batch on a GPU, padding included: lower it when memory runs out. On a CPU every text is a"
                    + " call of its own.");

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
    public static final Setting<String> INGEST_HOST = setting(
            "ingest.host",
            "HOST",
            "127.0.0.1",
            Setting::text,
            Use.PROCESS,
            "Address on which serve takes pairs and conversations by HTTP; any but loopback needs the ingest token.");
    public static final Setting<Integer> INGEST_PORT =
            setting("ingest.port", "PORT", "8082", port(), Use.PROCESS, "Port of HTTP ingest; 0 takes a free one.");
    public static final Setting<String> INGEST_TOKEN = setting(
            "ingest.token",
            "TOKEN",
            null,
            Setting::text,
            Use.SECRET,
            "What clients of HTTP ingest must show as Authorization: Bearer. It has no flag, since others can read a"
                    + " command line.");
    public static final Setting<Path> FOLLOW = setting(
            "follow",
            "PATH",
            null,
            Path::of,
            Use.PROCESS,
            "File or folder of JSON lines that serve follows as files grow and appear.");
    public static final Setting<String> JSON_TOPIC = setting(
            "json-topic",
            "TOPIC",
            null,
            Setting::text,
            Use.PROCESS,
            "Topic of the same Kafka with a JSON object a record, which serve reads.");
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

    public static final Setting<String> SCORE_HOST = setting(
            "score.host",
            "HOST",
            "127.0.0.1",
            Setting::text,
            Use.PROCESS,
            "Address on which answers are scored by HTTP; any but loopback needs the scoring token.");
    public static final Setting<Integer> SCORE_PORT =
            setting("score.port", "PORT", "8083", port(), Use.PROCESS, "Port of scoring by HTTP; 0 takes a free one.");
    public static final Setting<String> SCORE_TOKEN = setting(
            "score.token",
            "TOKEN",
            null,
            Setting::text,
            Use.SECRET,
            "What clients of scoring by HTTP must show as Authorization: Bearer. It has no flag, since others can read a"
                    + " command line.");
    public static final Setting<Integer> SCORE_THREADS =
            setting("score.threads", "N", "1", within(1, 64), Use.PROCESS, "Batches that are scored at once by HTTP.");
    public static final Setting<Double> SCORE_UNTRUSTED = setting(
            "score.untrusted",
            "SCORE",
            null,
            Setting::signed,
            Use.PROCESS,
            "Score that HTTP gives an answer which the language gate does not trust; without it the model's own.");

    /** Settings that decide how a run goes, and who judges. */
    public static final List<Setting<?>> OF_A_RUN = List.of(
            ROUNDS,
            SEED,
            DECISION,
            FUSION,
            GOLD_MIN,
            KEEP,
            FLIP,
            FLIP_AUDIT,
            FLIP_MIN_PRECISION,
            PROFILE,
            EPSILON,
            EPSILON_GOLD,
            TO_LABEL,
            FEATURES,
            PENALTY,
            INGEST_RULES,
            INGEST_RANKINGS,
            RETRIEVAL_STRATEGY,
            RETRIEVAL_CONTROL,
            SHADOW_SHARE,
            RETRIEVAL_QUOTAS,
            HUMAN_PRICE,
            STOP_GAIN,
            STOP_ROUNDS,
            NEAR_DUPLICATES,
            SELECTION,
            SELECTION_AGREEMENT,
            SELECTION_MARGIN,
            SELECTION_SHARE,
            SELECTION_CLUSTERS,
            SELECTION_WINDOW,
            PII,
            PII_DROP_FROM,
            JUDGE_URL,
            JUDGE_MODEL,
            TAGGER_MODEL,
            JUDGE_SAMPLES,
            JUDGES_MAX_CALLS,
            JUDGE_PRICE,
            BUDGET_USD,
            BUDGET_HUMAN_RESERVE,
            SOURCES,
            JUDGE_TEMPERATURE,
            JUDGE_MAX_OUTPUT_TOKENS,
            JUDGE_CONCURRENCY,
            JUDGE_TIMEOUT,
            JUDGE_PATIENCE,
            JUDGE_RETRIES,
            JUDGE_REQUESTS_PER_MINUTE,
            JUDGE_TOKENS_PER_MINUTE,
            JUDGE_FAMILY,
            JUDGE_CHECK,
            JUDGE_BATCH,
            JUDGE_PRE_VERIFY,
            JUDGE_CANARY,
            JUDGE_API_KEY,
            JUDGE_API_KEY_FILE);

    /** Settings that say where reward models of text come from, and what they run on. */
    public static final List<Setting<?>> OF_MODELS = List.of(
            MODELS_ALLOWED,
            MODELS_CACHE,
            MODELS_S3_ENDPOINT,
            MODELS_S3_REGION,
            MODELS_S3_KEY_ID,
            MODELS_S3_SECRET,
            MODELS_S3_TOKEN,
            MODELS_DEVICES,
            MODELS_INSTANCES,
            MODELS_BATCH_TOKENS);

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

    /** Settings of a process that scores by HTTP. */
    public static final List<Setting<?>> OF_SCORING =
            List.of(SCORE_HOST, SCORE_PORT, SCORE_TOKEN, SCORE_THREADS, SCORE_UNTRUSTED);

    /** Settings of a process that runs broker, registry and all stages. */
    public static final List<Setting<?>> OF_SERVE = List.of(
            PARTITIONS,
            KAFKA_PORT,
            REGISTRY_PORT,
            HTTP_HOST,
            HTTP_PORT,
            INGEST_HOST,
            INGEST_PORT,
            INGEST_TOKEN,
            FOLLOW,
            JSON_TOPIC,
            ROUNDS_LABELS,
            ROUNDS_EVERY,
            SCORE_HOST,
            SCORE_PORT,
            SCORE_TOKEN,
            SCORE_THREADS,
            SCORE_UNTRUSTED);

    /** Every setting, in the order of their page. */
    public static final List<Setting<?>> ALL = Stream.of(
                    OF_A_RUN,
                    OF_MODELS,
                    OF_A_STAGE,
                    List.<Setting<?>>of(
                            KAFKA_PORT,
                            REGISTRY_PORT,
                            INGEST_HOST,
                            INGEST_PORT,
                            INGEST_TOKEN,
                            FOLLOW,
                            JSON_TOPIC,
                            ROUNDS_LABELS,
                            ROUNDS_EVERY),
                    OF_SCORING)
            .flatMap(List::stream)
            .toList();

    private static final String VARIABLE_PREFIX = "PREFSTREAM_";

    /** The setting of this name, one of a named judge too. */
    public static Optional<Setting<?>> named(String name) {
        return ALL.stream()
                .filter(setting -> setting.name.equals(name))
                .findFirst()
                .or(() -> JudgeSettings.named(name));
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

    private static double part(String text) {
        double share = number(text, 1, "must be a number above 0, up to 1");
        if (share == 0) {
            throw new IllegalArgumentException("must be a number above 0, up to 1");
        }
        return share;
    }

    private static double band(String text) {
        double epsilon = number(text, 1, "must be a number from 0, below 0.5");
        if (epsilon >= 0.5) {
            throw new IllegalArgumentException("must be a number from 0, below 0.5");
        }
        return epsilon;
    }

    private static double amount(String text) {
        return number(text, Double.MAX_VALUE, "must be an amount of US dollars, 0 or more");
    }

    private static double signed(String text) {
        boolean below = text.startsWith("-");
        return (below ? -1 : 1) * number(below ? text.substring(1) : text, Double.MAX_VALUE, "must be a number");
    }

    private static String gain(String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,9})?(/usd|/round)?")) {
            throw new IllegalArgumentException("must be points such as 0.3 or 0.3/usd");
        }
        return text;
    }

    private static String reserve(String text) {
        if (text.endsWith("%")) {
            number(text.substring(0, text.length() - 1), 100, "must be at most 100%");
        } else {
            amount(text);
        }
        return text;
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

    private static boolean yesOrNo(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("must be true or false");
        }
        return Boolean.parseBoolean(text);
    }

    private static Function<String, String> oneOf(String... values) {
        return text -> {
            if (!List.of(values).contains(text)) {
                throw new IllegalArgumentException("must be " + String.join(" or ", values));
            }
            return text;
        };
    }

    private static Function<String, String> someOf(String... values) {
        return text -> {
            List<String> names = Stream.of(text.split(","))
                    .map(String::strip)
                    .sorted()
                    .distinct()
                    .toList();
            if (!List.of(values).containsAll(names)) {
                throw new IllegalArgumentException("must be one or more of " + String.join(", ", values));
            }
            return String.join(",", names);
        };
    }

    private static String quotas(String text) {
        if (Quotas.parse(text).isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text.strip();
    }

    private static String price(String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,9})?,\\d{1,9}(\\.\\d{1,9})?")) {
            throw new IllegalArgumentException("must be two numbers, IN,OUT");
        }
        return text;
    }

    private static String devices(String text) {
        if (!text.matches("cpu|gpu|\\d{1,3}(,\\d{1,3})*")) {
            throw new IllegalArgumentException("must be cpu, gpu, or numbers of GPUs such as 0,2");
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
