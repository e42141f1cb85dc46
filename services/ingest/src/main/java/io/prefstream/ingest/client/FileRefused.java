package io.prefstream.ingest.client;

/** A file of which nothing can be used; the message names the file, what was found and the cure. */
public final class FileRefused extends Exception {
    public FileRefused(String file, String reason) {
        super(file + ": " + reason, null, false, false);
    }
}
