package io.prefstream.models.store;

import io.prefstream.models.reward.ModelFolder;
import io.prefstream.models.reward.ModelRefused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches models by URI and id into a cache, and hands out folders in which every byte is what the id stands for.
 *
 * <p>A model is cached under its id, so that it is fetched once, whatever URIs name it. It is there whole or not at all: it is
 * fetched into a folder beside and renamed. Threads and processes that want the same model wait for each other.
 *
 * <p>What may come in: what a person names on the command line ({@link #fetchGiven}), and what is announced under a place that the
 * setting {@code models.allowed} names ({@link #fetch}). A model that is in the cache got there by one of the two, and is handed
 * out wherever an announcement says that it lies. TorchScript is code: it too comes by these ways alone, fixed by its hash, and
 * pickles never. Any thread.
 */
public final class ModelStore {

    private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final long SPARE_BYTES = 64L << 20;
    private static final Map<Path, Object> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final StoreSettings settings;

    ModelStore(StoreSettings settings) {
        this.settings = settings;
    }

    /**
     * A store of these settings.
     *
     * @param settings values by name: {@code models.allowed}, {@code models.cache}, {@code models.s3.*}
     * @param cache folder of fetched models where {@code models.cache} is not set
     * @throws ModelRefused when {@code models.allowed} holds what is no URI
     */
    public static ModelStore of(Map<String, String> settings, Path cache) {
        return new ModelStore(StoreSettings.of(settings, cache));
    }

    /**
     * The folder of an announced model.
     *
     * @param uri where it lies
     * @param id SHA-256 of its {@code reward-model.json}, lower-case hex
     * @throws ModelRefused when it may not come from there, or is not what was announced: asking again is no use
     * @throws ModelUnavailable when it cannot be had now
     */
    public ModelFolder fetch(String uri, String id) {
        ModelUri place = ModelUri.of(uri);
        return cachedOr(id, () -> {
            allow(place);
            return download(place, id);
        });
    }

    /**
     * The folder of a model that a person names, who may read this machine's folders and decides what runs on it.
     * {@code models.allowed} need not name its place, unless that is HTTP without TLS.
     *
     * @param uri where it lies
     * @param id its id; null for the model that lies there, whatever it is
     * @throws ModelRefused when it may not come from there, or is not what was named
     * @throws ModelUnavailable when it cannot be had now
     */
    public ModelFolder fetchGiven(String uri, @Nullable String id) {
        ModelUri place = ModelUri.of(uri);
        if (place.kind() == ModelUri.Kind.HTTP) {
            allow(place);
        }
        String wanted = id == null ? idOf(place) : id;
        return cachedOr(wanted, () -> download(place, wanted));
    }

    private void allow(ModelUri place) {
        if (!settings.allows(place)) {
            throw new ModelRefused(place + " lies under none of the places that models may come from ("
                    + (settings.allowed().isEmpty() ? "models.allowed is not set" : settings.allowed())
                    + "): add it to models.allowed"
                    + (place.kind() == ModelUri.Kind.HTTP
                            ? ", or use https"
                            : ", or publish it on this machine with: prefstream checkpoint publish --uri " + place));
        }
        if (place.kind() == ModelUri.Kind.FOLDER) {
            followLinks(place);
        }
    }

    /** A link in the path may lead out of an allowed folder. */
    private void followLinks(ModelUri place) {
        Path folder = place.folder();
        try {
            Path real = folder.toRealPath();
            for (ModelUri prefix : settings.allowed()) {
                if (prefix.holds(place) && real.startsWith(prefix.folder().toRealPath())) {
                    return;
                }
            }
            throw new ModelRefused(
                    folder + " is a link to " + real + ", which lies under none of the places that models"
                            + " may come from " + settings.allowed() + ": add it to models.allowed");
        } catch (NoSuchFileException e) {
            throw new ModelUnavailable(folder + " is not there: put the whole folder there", e);
        } catch (IOException e) {
            throw new ModelUnavailable(folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ModelFolder cachedOr(String id, Supplier<ModelFolder> fetched) {
        if (!SHA256.matcher(id).matches()) {
            throw new ModelRefused("\"" + id + "\" is no id of a model: give the SHA-256 of its " + ModelFolder.CARD
                    + ", 64 hex digits");
        }
        Path lock = settings.cache().toAbsolutePath().resolve("." + id + ".lock");
        synchronized (IN_THIS_PROCESS.computeIfAbsent(lock, path -> new Object())) {
            try {
                Files.createDirectories(settings.cache());
                try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock _ = channel.lock()) {
                    ModelFolder cached = cached(id);
                    return cached != null ? cached : fetched.get();
                }
            } catch (IOException e) {
                throw new ModelUnavailable(
                        "cannot keep models in " + settings.cache() + " (" + e
                                + "): set models.cache to a folder that can be written",
                        e);
            }
        }
    }

    private @Nullable ModelFolder cached(String id) {
        Path folder = settings.cache().resolve(id);
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try {
            ModelFolder model = ModelFolder.read(folder);
            if (model.id().equals(id)) {
                model.verify();
                return model;
            }
            LOG.warn("{} holds another model ({}); it is fetched again", folder, model.id());
        } catch (ModelRefused e) {
            LOG.warn("a cached model is damaged and fetched again: {}", e.getMessage());
        }
        return null;
    }

    private String idOf(ModelUri place) {
        try (Source source = open(place)) {
            return id(new Download(source, place, settings).card());
        }
    }

    private static String id(byte[] card) {
        return HexFormat.of().formatHex(Download.sha256().digest(card));
    }

    private Source open(ModelUri place) {
        return switch (place.kind()) {
            case FOLDER -> new FolderSource(place.folder());
            case HTTP, HTTPS -> new HttpSource(place, settings.silence());
            case S3 -> new S3Source(place, settings);
        };
    }

    private ModelFolder download(ModelUri place, String id) {
        Path fetching = settings.cache().resolve(".fetching-" + id);
        try (Source source = open(place)) {
            Download download = new Download(source, place, settings);
            byte[] card = download.card();
            if (!id(card).equals(id)) {
                throw new ModelRefused(
                        place + ModelFolder.CARD + " has the SHA-256 " + id(card) + ", and " + id + " was announced");
            }
            Files.createDirectories(fetching);
            Files.write(fetching.resolve(ModelFolder.CARD), card);
            Map<String, ModelFolder.Entry> files =
                    files(ModelFolder.read(fetching).card());
            makeSureOfRoom(place, fetching, files);
            files.forEach((name, entry) -> download.file(name, entry, fetching.resolve(name)));
            ModelFolder.read(fetching).verify();
            delete(settings.cache().resolve(id)); // one that was damaged
            Files.move(fetching, settings.cache().resolve(id), StandardCopyOption.ATOMIC_MOVE);
            LOG.info("fetched the model {} from {}", id, place);
            return ModelFolder.read(settings.cache().resolve(id));
        } catch (ModelRefused e) {
            delete(fetching);
            String why = String.valueOf(e.getMessage());
            throw why.contains(place.text()) ? e : new ModelRefused(place + " is refused: " + why, e);
        } catch (IOException e) {
            throw new ModelUnavailable(place + " could not be kept in " + settings.cache() + ": " + e, e);
        }
    }

    private static Map<String, ModelFolder.Entry> files(ModelFolder.Card card) {
        card.files().forEach((name, entry) -> {
            if (entry == null
                    || entry.sha256() == null
                    || !SHA256.matcher(entry.sha256()).matches()
                    || entry.bytes() < 0) {
                throw new ModelRefused(
                        ModelFolder.CARD + " lists " + name + " without a SHA-256 of 64 hex digits and a size");
            }
        });
        return new TreeMap<>(card.files());
    }

    private void makeSureOfRoom(ModelUri place, Path fetching, Map<String, ModelFolder.Entry> files)
            throws IOException {
        double missing = SPARE_BYTES;
        for (Map.Entry<String, ModelFolder.Entry> file : files.entrySet()) {
            Path there = fetching.resolve(file.getKey());
            missing += file.getValue().bytes() - (Files.exists(there) ? Files.size(there) : 0.0);
        }
        long free = Files.getFileStore(settings.cache()).getUsableSpace();
        if (missing > free) {
            throw new ModelUnavailable(String.format(
                    Locale.ROOT,
                    "%s needs %,.0f MiB, and %,d MiB are free under %s: make room, or set models.cache to a folder on another"
                            + " disk",
                    place,
                    missing / (1 << 20),
                    free >> 20,
                    settings.cache()));
        }
    }

    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new ModelUnavailable(folder + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
