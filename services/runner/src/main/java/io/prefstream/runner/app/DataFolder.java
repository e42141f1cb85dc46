package io.prefstream.runner.app;

import io.prefstream.kit.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The data folder of an installation, locked as long as a process works on it. The lock dies with the process. */
final class DataFolder implements AutoCloseable {

    private static final long MIN_FREE_BYTES = 512L << 20;

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the folder if need be and locks it.
     *
     * @throws UserError when another process has it, it cannot be written, or the disk is nearly full
     */
    static DataFolder lock(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new UserError(taken(folder));
            }
            if (Files.getFileStore(folder).getUsableSpace() < MIN_FREE_BYTES) {
                lock.release();
                channel.close();
                throw new UserError("less than 512 MiB are free under " + folder
                        + ": make room, or use a --data-dir on another disk");
            }
            return new DataFolder(folder, channel, lock);
        } catch (IOException e) {
            throw new UserError("cannot write to " + folder + " (" + e.getMessage() + "): use another --data-dir");
        }
    }

    /** The folder. */
    Path path() {
        return folder;
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether another process has locked the folder. */
    static boolean isLocked(Path folder) {
        try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            return lock == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static String taken(Path folder) {
        return LiveProcess.lastOf(folder)
                .map(process -> "another prefstream (pid " + process.pid() + ") "
                        + switch (process.role()) {
                            case SERVE -> "serves " + folder + ": stop it with: kill " + process.pid();
                            case CURATE ->
                                "curates in " + folder + ": wait for it, or stop it with: kill " + process.pid();
                            case READ -> "looks into " + folder + ": it is done in a moment; try again";
                        }
                        + ", or use another --data-dir")
                .orElse("another prefstream starts in " + folder + ": wait for it, stop it, or use another --data-dir");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
