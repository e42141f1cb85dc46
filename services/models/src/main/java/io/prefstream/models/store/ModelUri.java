package io.prefstream.models.store;

import io.prefstream.models.reward.ModelRefused;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a model lies, or the beginning of where models may lie.
 *
 * <p>Each place is written in one way alone, so that prefixes compare as texts: nothing escaped, no query, no user, no empty
 * segment, no dot segment, and a slash at the end.
 *
 * @param kind how it is reached
 * @param text the URI, ending with a slash
 */
public record ModelUri(Kind kind, String text) {

    /** How a model is reached. */
    public enum Kind {
        /** A folder on this machine. */
        FOLDER,
        /** A folder of files behind HTTP without TLS. */
        HTTP,
        /** A folder of files behind HTTP with TLS. */
        HTTPS,
        /** A bucket, with a prefix or without one. */
        S3
    }

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*", Pattern.DOTALL);
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~+=@,-]+)*/?");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /**
     * The place that a text names: a folder's path, {@code file:}, {@code http://}, {@code https://} or {@code s3://}.
     *
     * @throws ModelRefused when it is none of these, or is written with anything that could lead elsewhere
     */
    public static ModelUri of(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.chars().anyMatch(c -> c < ' ')) {
            throw new ModelRefused("\"" + text + "\" is no URI of a model: " + FORMS);
        }
        if (!SCHEME.matcher(stripped).matches()) {
            return ofFolder(Path.of(stripped));
        }
        URI uri;
        try {
            uri = URI.create(stripped);
        } catch (IllegalArgumentException e) {
            throw new ModelRefused(stripped + " is no URI of a model: " + FORMS, e);
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "file" -> ofFile(uri, stripped);
            case "http" -> remote(Kind.HTTP, uri, 80);
            case "https" -> remote(Kind.HTTPS, uri, 443);
            case "s3" -> bucket(uri);
            default -> throw new ModelRefused(stripped + " cannot be fetched: " + FORMS);
        };
    }

    private static final String FORMS = "give a folder, or file:, https://, http:// or s3:// with the folder's URI";

    private static ModelUri ofFile(URI uri, String text) {
        try {
            if (uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawAuthority() == null) {
                return ofFolder(Path.of(uri));
            }
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new ModelRefused(text + " names no folder of this machine: write file:///path/to/folder", e);
        }
        throw new ModelRefused(text + " names no folder of this machine: write file:///path/to/folder");
    }

    private static ModelUri ofFolder(Path folder) {
        String text = folder.toAbsolutePath().normalize().toUri().toString();
        return new ModelUri(Kind.FOLDER, closed(text));
    }

    private static ModelUri remote(Kind kind, URI uri, int standard) {
        String host = uri.getHost();
        if (host == null || uri.getPort() == 0) {
            throw new ModelRefused(uri + " has no host: write " + uri.getScheme() + "://HOST/FOLDER/");
        }
        String port = uri.getPort() < 0 || uri.getPort() == standard ? "" : ":" + uri.getPort();
        return new ModelUri(
                kind, kind.name().toLowerCase(Locale.ROOT) + "://" + host.toLowerCase(Locale.ROOT) + port + path(uri));
    }

    private static ModelUri bucket(URI uri) {
        String bucket = uri.getRawAuthority();
        if (bucket == null || !BUCKET.matcher(bucket).matches()) {
            throw new ModelRefused(uri + " has no bucket: write s3://BUCKET/PREFIX/");
        }
        return new ModelUri(Kind.S3, "s3://" + bucket + path(uri));
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        boolean dots = List.of(path.split("/", -1)).stream().anyMatch(name -> name.equals(".") || name.equals(".."));
        if (uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null
                || dots
                || !PATH.matcher(path).matches()) {
            throw new ModelRefused(
                    uri + " is not taken: a model's URI has no query, no fragment, no user, no . or .. and"
                            + " only letters, digits and ._~+=@,- between its slashes");
        }
        return closed(path);
    }

    private static String closed(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    /** Whether a place is this one or lies under it. */
    boolean holds(ModelUri other) {
        return kind == other.kind && other.text.startsWith(text);
    }

    /** The folder. Of {@link Kind#FOLDER} alone. */
    Path folder() {
        return Path.of(URI.create(text));
    }

    /** Bucket of {@link Kind#S3}. */
    String bucket() {
        return text.substring("s3://".length(), text.indexOf('/', "s3://".length()));
    }

    /** Key of an object of {@link Kind#S3}. */
    String key(String file) {
        return text.substring(text.indexOf('/', "s3://".length()) + 1) + file;
    }

    @Override
    public String toString() {
        return text;
    }
}
