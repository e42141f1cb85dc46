package io.prefstream.models.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the files of a folder, whatever path stands before their names; one file can be told to misbehave. */
final class FileServer implements AutoCloseable {

    /** Answers a request in another way. */
    @FunctionalInterface
    interface Trick {
        void play(HttpExchange exchange, byte[] file) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Trick> tricks = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    FileServer(Path folder) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(folder, exchange));
        server.start();
    }

    private void answer(Path folder, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(path + (range == null ? "" : " " + range));
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String name = path.substring(path.lastIndexOf('/') + 1);
            byte[] file = Files.readAllBytes(folder.resolve(name));
            Trick trick = tricks.remove(name);
            if (trick != null) {
                trick.play(exchange, file);
            } else if (range == null) {
                send(exchange, 200, file);
            } else {
                int from = Integer.parseInt(range.replaceAll("\\D", ""));
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
                exchange.sendResponseHeaders(206, file.length - from);
                exchange.getResponseBody().write(file, from, file.length - from);
            }
        }
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** A body without an end. */
    static void endless(HttpExchange exchange, byte[] file) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        while (true) { // until nobody reads on
            exchange.getResponseBody().write(file);
        }
    }

    /** The next request of a file is answered so. */
    void next(String file, Trick trick) {
        tricks.put(file, trick);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** Paths asked for, each with the range that was wanted. */
    List<String> asked() {
        return asked;
    }

    /** Authorization header of each request. */
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
