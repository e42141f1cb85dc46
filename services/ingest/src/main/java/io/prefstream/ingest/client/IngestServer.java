package io.prefstream.ingest.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prefstream.kit.config.Setting;
import io.prefstream.kit.config.UserError;
import io.prefstream.kit.service.BearerToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Takes pairs and conversations by HTTP: {@code POST /v1/pairs} and {@code POST /v1/conversations}, JSON lines, plain or
 * gzip. Every line gets its answer. A 2xx goes out once the broker has acknowledged every line that was accepted, so what
 * had no 2xx is sent again, which changes nothing for lines that are here.
 *
 * <p>It reads no faster than the broker takes, holds one line of each request, and turns away what it has no room for.
 */
public final class IngestServer implements AutoCloseable {

    /** Bytes that the body of a request may have, and may have when unpacked. */
    public static final long MAX_BODY = 64L << 20;

    private static final int MAX_REQUESTS = 256;
    private static final int BACKLOG = 1024;
    /** Memory that all requests together may ask for, in KiB. */
    private static final int ROOM = (int) Math.min(Runtime.getRuntime().maxMemory() / 4 / 1024, 1 << 20);
    /** Bytes of memory that a byte of a line costs while it is parsed. */
    private static final int PARSED = 6;

    private static final List<String> TYPES =
            List.of("application/x-ndjson", "application/jsonl", "application/x-jsonlines");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Door door;
    private final BearerToken token;
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);
    private final Semaphore room = new Semaphore(ROOM);

    private IngestServer(HttpServer server, Door door, @Nullable String token) {
        this.server = server;
        this.door = door;
        this.token = new BearerToken(token);
    }

    /** Sets how long a request may take to come; the platform reads it when the first HTTP server of a process starts. */
    public static void limitSlowClients() {
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "300");
        System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", "1024");
    }

    /**
     * Starts to listen.
     *
     * @param port 0 takes a free one
     * @param token what clients must show as {@code Authorization: Bearer}; null when any client may write
     * @throws UserError when the port is taken, or the address can be reached from elsewhere and there is no token
     */
    public static IngestServer start(String host, int port, Door door, @Nullable String token) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (token == null && !address.isLoopbackAddress()) {
                throw new UserError(
                        "ingest on " + host + " can be reached from elsewhere: set " + Setting.INGEST_TOKEN.variable()
                                + ", or leave out " + Setting.INGEST_HOST.flag(),
                        2);
            }
            HttpServer http = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
            IngestServer server = new IngestServer(http, door, token);
            http.setExecutor(server.threads);
            http.createContext("/", server::serve);
            http.start();
            return server;
        } catch (IOException e) {
            throw new UserError("HTTP ingest cannot listen on " + host + ":" + port + ": " + e.getMessage() + "; give "
                    + Setting.INGEST_PORT.flag() + " another port, or 0 for a free one");
        }
    }

    /** Base URL. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() {
        server.stop(1);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        if (!requests.tryAcquire()) {
            try (exchange) {
                busy(exchange, "more than " + MAX_REQUESTS + " requests are under way");
            }
            return;
        }
        try {
            admit(exchange);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(IngestServer.class).error("a request failed", e);
            busy(exchange, "the request could not be handled (" + e.getClass().getSimpleName() + ")");
        } finally {
            requests.release();
            exchange.close();
        }
    }

    private void admit(HttpExchange exchange) throws IOException {
        LiveReader.Takes takes = switch (exchange.getRequestURI().getPath()) {
            case "/v1/pairs" -> LiveReader.Takes.PAIRS;
            case "/v1/conversations" -> LiveReader.Takes.CONVERSATIONS;
            default -> null;
        };
        long length = length(exchange);
        if (takes == null) {
            fail(exchange, 404, "post to /v1/pairs or /v1/conversations");
        } else if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            fail(exchange, 405, "only POST is taken");
        } else if (!token.allows(exchange)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            fail(exchange, 401, "show the token: Authorization: Bearer TOKEN");
        } else if (!TYPES.contains(type(exchange))) {
            fail(exchange, 415, "send JSON lines as Content-Type: application/x-ndjson");
        } else if (!List.of("identity", "gzip").contains(encoding(exchange))) {
            fail(exchange, 415, "send it plain or as Content-Encoding: gzip");
        } else if (length > MAX_BODY) {
            tooLarge(exchange, length);
        } else {
            boolean known = length >= 0 && encoding(exchange).equals("identity");
            int need = (int) (Math.min(known ? length : MAX_BODY, JsonRows.MAX_LINE_BYTES) * PARSED / 1024) + 1;
            if (!room.tryAcquire(Math.min(need, ROOM))) {
                busy(exchange, "the requests under way fill the memory set aside for them");
                return;
            }
            try {
                take(exchange, takes);
            } finally {
                room.release(Math.min(need, ROOM));
            }
        }
    }

    private void take(HttpExchange exchange, LiveReader.Takes takes) throws IOException {
        boolean packed = encoding(exchange).equals("gzip");
        try (Spool answers = new Spool();
                Limited raw = new Limited(exchange.getRequestBody(), MAX_BODY)) {
            LineAnswers lines = new LineAnswers(takes, door, answers);
            String damage;
            Limited plain = raw;
            try {
                plain = packed ? new Limited(new GZIPInputStream(raw), MAX_BODY) : raw;
                damage = lines.read(plain);
            } catch (FileRefused | IOException e) {
                damage = "the body can't be read (" + e.getClass().getSimpleName() + ")";
            }
            Exception failure = lines.await();
            if (raw.exceeded() || plain.exceeded()) {
                fail(exchange, 413, "the body has more than " + MAX_BODY + " bytes; send it in parts");
            } else if (failure != null) {
                busy(
                        exchange,
                        "the broker did not take every line ("
                                + failure.getClass().getSimpleName() + ")");
            } else if (damage != null) {
                fail(exchange, 400, damage + "; send it again");
            } else if (lines.rows() == 0) {
                fail(exchange, 400, "the body holds no line");
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                exchange.sendResponseHeaders(lines.accepted() > 0 ? 200 : 422, answers.size());
                answers.copyTo(exchange.getResponseBody());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            busy(exchange, "the process is being stopped");
        }
    }

    private static String type(HttpExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    private static String encoding(HttpExchange exchange) {
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        return encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    }

    /** Length that the client announced, -1 when it didn't. */
    private static long length(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        return length == null || !length.matches("\\d{1,18}") ? -1 : Long.parseLong(length);
    }

    private static void tooLarge(HttpExchange exchange, long length) throws IOException {
        if (length <= 2 * MAX_BODY) { // most clients read no answer before they have sent all
            exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
        }
        fail(exchange, 413, "the body has " + length + " bytes, at most " + MAX_BODY + " are taken; send it in parts");
    }

    private static void busy(HttpExchange exchange, String reason) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        fail(exchange, 503, reason + "; send it again, lines that are here change nothing");
    }

    private static void fail(HttpExchange exchange, int status, String reason) throws IOException {
        byte[] body = LineAnswers.error(reason);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** A stream that ends with an error after so many bytes. */
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;
        private boolean exceeded;

        Limited(InputStream in, long most) {
            this.in = in;
            this.left = most;
        }

        boolean exceeded() {
            return exceeded;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int at, int n) throws IOException {
            int got = in.read(to, at, n);
            left -= Math.max(0, got);
            if (left < 0) {
                exceeded = true;
                throw new IOException("too large");
            }
            return got;
        }
    }
}
