package io.prefstream.models.store;

import io.prefstream.models.reward.ModelRefused;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;

/**
 * A folder of files behind HTTP. Redirects are not followed: whoever answers at an allowed place may not send us elsewhere. The
 * JDK's older client, since it alone has a time limit for each read.
 */
final class HttpSource implements Source {

    private final String uri;
    private final Duration silence;

    HttpSource(ModelUri uri, Duration silence) {
        this.uri = uri.text();
        this.silence = silence;
    }

    @Override
    public Opened open(String file, long from) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(uri + file).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) silence.toMillis());
        connection.setReadTimeout((int) silence.toMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept-Encoding", "identity"); // sizes and hashes are those of the file itself
        if (from > 0) {
            connection.setRequestProperty("Range", "bytes=" + from + "-");
        }
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            return new Opened(connection.getInputStream(), 0);
        }
        if (status == HttpURLConnection.HTTP_PARTIAL) {
            String range = String.valueOf(connection.getHeaderField("Content-Range"));
            if (!range.startsWith("bytes " + from + "-")) {
                connection.disconnect();
                throw new IOException("it answers the bytes from " + from + " on with \"" + range + "\"");
            }
            return new Opened(connection.getInputStream(), from);
        }
        String location = connection.getHeaderField("Location");
        connection.disconnect();
        throw failure(uri + file, status, location);
    }

    /** What a status without content says: not there, not yet, or never. */
    private static IOException failure(String file, int status, String location) throws NoSuchFileException {
        if (status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_GONE) {
            throw new NoSuchFileException(file);
        }
        if (status / 100 == 3) {
            throw new ModelRefused(file + " answers HTTP " + status + " and sends us to " + location
                    + ": redirects are not followed; announce the URI at which the files lie");
        }
        if (status / 100 == 4 && status != 408 && status != 425 && status != 429 && status != 416) {
            throw new ModelRefused(file + " answers HTTP " + status + ": its server must hand it out without a login");
        }
        return new IOException("it answers HTTP " + status);
    }
}
