package io.prefstream.runner.serving;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prefstream.core.language.LanguageGate;
import io.prefstream.core.pair.Message;
import io.prefstream.ingest.domain.RowFault;
import io.prefstream.ingest.domain.Rule;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.Settings;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.service.BearerToken;
import io.prefstream.runner.models.ServedModels;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Scores answers by HTTP, in the shapes that trainers speak: {@code POST /classify}, {@code /v1/classify},
 * {@code /v1/embeddings}, {@code /get_reward} and {@code /v1/score/evaluation}; {@code GET /health}, {@code /v1/models} and
 * {@code /get_model_info}.
 *
 * <p>All scores of a response come from one model, which its header {@link #MODEL} names. What there is no room for is turned
 * away with 503.
 */
public final class ScoringServer implements AutoCloseable {

    /** Header that names the model. */
    public static final String MODEL = "X-Prefstream-Model";

    /** Bytes that a body may have. */
    public static final int MAX_BODY = 16 << 20;

    private static final int BACKLOG = 1024;
    /** Memory that all requests together may ask for, in KiB. */
    private static final int ROOM = (int) Math.min(Runtime.getRuntime().maxMemory() / 4 / 1024, 1 << 20);
    /** Bytes of memory that a byte of a body costs while it waits. */
    private static final int PARSED = 6;

    private static final String NONE_YET =
            "no model is served yet: curate with enough human labels, or wait until it is loaded";
    private static final List<String> GETS = List.of("/health", "/v1/models", "/get_model_info", "/model_info");
    private static final Map<String, List<String>> POSTS = Map.of(
            "/classify", List.of("text", "input", "messages"),
            "/v1/classify", List.of("text", "input", "messages"),
            "/v1/embeddings", List.of("input", "messages"),
            "/get_reward", List.of("query", "messages"),
            "/v1/score/evaluation", List.of("messages"));

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServedModels models;
    private final ScoringQueue queue;
    private final BearerToken token;
    private final @Nullable Double untrusted;
    private final Semaphore room = new Semaphore(ROOM);

    private ScoringServer(
            HttpServer server,
            ServedModels models,
            ScoringQueue queue,
            @Nullable String token,
            @Nullable Double untrusted) {
        this.server = server;
        this.models = models;
        this.queue = queue;
        this.token = new BearerToken(token);
        this.untrusted = untrusted;
    }

    /**
     * Starts to listen.
     *
     * @param models closed by the caller, after the server
     * @throws UserError when the port is taken, or the address can be reached from elsewhere and there is no token
     */
    public static ScoringServer start(ServedModels models, Settings settings) {
        return start(
                models,
                ScoringQueue.Limits.STANDARD.withThreads(settings.get(Setting.SCORE_THREADS)),
                settings.get(Setting.SCORE_HOST),
                settings.get(Setting.SCORE_PORT),
                settings.find(Setting.SCORE_TOKEN).orElse(null),
                settings.find(Setting.SCORE_UNTRUSTED).orElse(null));
    }

    static ScoringServer start(
            ServedModels models,
            ScoringQueue.Limits limits,
            String host,
            int port,
            @Nullable String token,
            @Nullable Double untrusted) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (token == null && !address.isLoopbackAddress()) {
                throw new UserError(
                        "scoring on " + host + " can be reached from elsewhere: set " + Setting.SCORE_TOKEN.variable()
                                + ", or leave out " + Setting.SCORE_HOST.flag(),
                        2);
            }
            HttpServer http = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
            ScoringServer server = new ScoringServer(http, models, new ScoringQueue(models, limits), token, untrusted);
            http.setExecutor(server.threads);
            http.createContext("/", server::serve);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UserError("scoring by HTTP cannot listen on " + host + ":" + port + ": " + e.getMessage()
                    + "; give " + Setting.SCORE_PORT.flag() + " another port, or 0 for a free one");
        }
    }

    /** Base URL. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() {
        queue.close(); // who waits is told, and gets its answer before the server goes
        server.stop(1);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try {
            admit(exchange);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(ScoringServer.class).error("a request failed", e);
            busy(exchange, "the request could not be handled (" + e.getClass().getSimpleName() + ")");
        } finally {
            exchange.close();
        }
    }

    private void admit(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean get = GETS.contains(path);
        long length = length(exchange);
        if (!get && !POSTS.containsKey(path)) {
            fail(exchange, 404, "", "post to /classify, /get_reward, /v1/embeddings or /v1/score/evaluation");
        } else if (!exchange.getRequestMethod().equals(get ? "GET" : "POST")) {
            exchange.getResponseHeaders().set("Allow", get ? "GET" : "POST");
            fail(exchange, 405, "", "only " + (get ? "GET" : "POST") + " is taken here");
        } else if (!token.allows(exchange)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            fail(exchange, 401, "", "show the token: Authorization: Bearer TOKEN");
        } else if (get) {
            look(exchange, path);
        } else if (!header(exchange, "Content-Type")
                .replaceFirst(";.*", "")
                .strip()
                .equals("application/json")) {
            fail(exchange, 415, "", "send JSON as Content-Type: application/json");
        } else if (!List.of("", "identity").contains(header(exchange, "Content-Encoding"))) {
            fail(exchange, 415, "", "send it without Content-Encoding");
        } else if (length > MAX_BODY) {
            if (length <= 2L * MAX_BODY) { // most clients read no answer before they have sent all
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            }
            tooLarge(exchange);
        } else {
            int need = Math.min(ROOM, (int) ((length < 0 ? MAX_BODY : length) * PARSED / 1024) + 1);
            if (!room.tryAcquire(need)) {
                busy(exchange, "the requests under way fill the memory set aside for them");
                return;
            }
            try {
                take(exchange, path);
            } finally {
                room.release(need);
            }
        }
    }

    private void look(HttpExchange exchange, String path) throws IOException {
        Optional<String> model = models.idOf("");
        if (path.equals("/v1/models")) {
            send(exchange, 200, Replies.models(models.roles()));
        } else if (model.isEmpty()) {
            busy(exchange, NONE_YET);
        } else {
            exchange.getResponseHeaders().set(MODEL, model.get());
            send(exchange, 200, path.equals("/health") ? Replies.health(model.get()) : Replies.info(model.get()));
        }
    }

    private void take(HttpExchange exchange, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            tooLarge(exchange);
            return;
        }
        ScoringRequest request;
        try {
            request = ScoringRequest.of(body, POSTS.getOrDefault(path, List.of()));
        } catch (RowFault e) {
            int status = e.rule() == Rule.TOO_LARGE ? 413 : 400;
            fail(exchange, status, e.field(), (e.field().isEmpty() ? "" : e.field() + ": ") + e.reason());
            return;
        }
        List<LanguageGate.Verdict> verdicts = verdicts(request);
        Optional<CompletableFuture<Scored>> waiting = queue.submit(request.items(), model(path, request));
        if (waiting.isEmpty()) {
            busy(exchange, "the queue is full");
            return;
        }
        switch (waiting.get().join()) {
            case Scored.By by -> {
                exchange.getResponseHeaders().set(MODEL, by.model());
                var answer = new Replies.Answer(request, by.model(), given(by.scores(), verdicts), verdicts);
                send(exchange, 200, Replies.scores(shape(path, request.field()), answer));
            }
            case Scored.Unscorable bad -> {
                exchange.getResponseHeaders().set(MODEL, bad.model());
                String at = request.field() + (request.single() ? "" : "[" + bad.place() + "]");
                fail(exchange, 400, at, at + ": " + bad.why());
            }
            case Scored.NoModel none -> {
                if (models.idOf("").isEmpty()) {
                    busy(exchange, NONE_YET);
                } else {
                    fail(
                            exchange,
                            404,
                            "model",
                            "model: no such model is served; leave it out, or send one of "
                                    + String.join(", ", models.roles().keySet()) + " or a checkpoint id");
                }
            }
            case Scored.Failed failed -> busy(exchange, failed.why());
        }
    }

    /** What model is meant; LLaMA-Factory sends a name that means nothing. */
    private String model(String path, ScoringRequest request) {
        boolean known = models.idOf(request.model()).isPresent();
        return known || !path.equals("/v1/score/evaluation") ? request.model() : "";
    }

    private static Replies.Shape shape(String path, String field) {
        return switch (path) {
            case "/get_reward" -> Replies.Shape.OPENRLHF;
            case "/v1/embeddings" -> Replies.Shape.EMBEDDINGS;
            case "/v1/score/evaluation" -> Replies.Shape.EVALUATION;
            default -> field.equals("text") ? Replies.Shape.SGLANG : Replies.Shape.VLLM;
        };
    }

    private static List<LanguageGate.Verdict> verdicts(ScoringRequest request) {
        List<LanguageGate.Verdict> verdicts = new ArrayList<>();
        for (List<Message> talk : request.items().conversations()) {
            verdicts.add(LanguageGate.of(talk.getLast().content()));
        }
        List<String> texts = request.items().texts();
        for (int i = 0; i < texts.size(); i++) {
            verdicts.add(
                    request.prompts().isEmpty()
                            ? LanguageGate.ofTemplated(texts.get(i))
                            : LanguageGate.ofTemplated(
                                    texts.get(i), request.prompts().get(i)));
        }
        return verdicts;
    }

    /** The scores that go out: those that aren't to be trusted are replaced where the operator says so. */
    private double[] given(double[] scores, List<LanguageGate.Verdict> verdicts) {
        double[] given = scores.clone();
        if (untrusted != null) {
            for (int i = 0; i < given.length; i++) {
                given[i] = verdicts.get(i).trusted() ? given[i] : untrusted;
            }
        }
        return given;
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }

    /** Length that the client announced, -1 when it didn't. */
    private static long length(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        return length == null || !length.matches("\\d{1,18}") ? -1 : Long.parseLong(length);
    }

    private static void tooLarge(HttpExchange exchange) throws IOException {
        fail(exchange, 413, "", "the body has more than " + MAX_BODY + " bytes; send it in parts");
    }

    private static void busy(HttpExchange exchange, String reason) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        fail(exchange, 503, "", reason + "; send it again");
    }

    private static void fail(HttpExchange exchange, int status, String field, String reason) throws IOException {
        send(exchange, status, Replies.error(status, field, reason));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
