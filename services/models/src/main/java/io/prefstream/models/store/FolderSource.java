package io.prefstream.models.store;

import io.prefstream.models.reward.ModelRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A folder on this machine. Links among its files are not followed. */
final class FolderSource implements Source {

    private final Path folder;

    FolderSource(Path folder) {
        this.folder = folder;
    }

    @Override
    public Opened open(String file, long from) throws IOException {
        Path path = folder.resolve(file);
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) { // a pipe would keep us waiting
            throw new ModelRefused(path + " is no plain file, and links are not followed: put the file itself there");
        }
        SeekableByteChannel channel =
                Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        InputStream bytes = Channels.newInputStream(channel.position(from));
        return new Opened(bytes, from);
    }
}
