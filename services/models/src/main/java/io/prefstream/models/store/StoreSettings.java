package io.prefstream.models.store;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where models may come from, and where they are kept.
 *
 * @param cache folder of fetched models
 * @param allowed places under which announced models may lie
 * @param endpoint S3-compatible store; null for AWS
 * @param region region of the store
 * @param key key to the store; null to look where AWS's tools look
 * @param silence longest time in which a store may send nothing
 * @param pause time before the second try of a file; it doubles with each further one
 * @param tries tries of a file
 */
record StoreSettings(
        Path cache,
        List<ModelUri> allowed,
        @Nullable URI endpoint,
        String region,
        @Nullable Key key,
        Duration silence,
        Duration pause,
        int tries) {

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int TRIES = 5;

    /** A key to an S3-compatible store. Never printed. */
    record Key(String id, String secret, @Nullable String token) {
        @Override
        public String toString() {
            return "a key";
        }
    }

    /** Of settings by name; {@code cache} is the folder where none is set. */
    static StoreSettings of(Map<String, String> settings, Path cache) {
        String id = settings.get("models.s3.access-key-id");
        String secret = settings.get("models.s3.secret-access-key");
        return new StoreSettings(
                Optional.ofNullable(settings.get("models.cache")).map(Path::of).orElse(cache),
                Stream.of(settings.getOrDefault("models.allowed", "").split(","))
                        .filter(prefix -> !prefix.isBlank())
                        .map(ModelUri::of)
                        .toList(),
                Optional.ofNullable(settings.get("models.s3.endpoint"))
                        .map(URI::create)
                        .orElse(null),
                settings.getOrDefault("models.s3.region", "us-east-1"),
                id == null || secret == null ? null : new Key(id, secret, settings.get("models.s3.session-token")),
                SILENCE,
                PAUSE,
                TRIES);
    }

    /** Whether an announced model may lie here. */
    boolean allows(ModelUri uri) {
        return allowed.stream().anyMatch(prefix -> prefix.holds(uri));
    }
}
