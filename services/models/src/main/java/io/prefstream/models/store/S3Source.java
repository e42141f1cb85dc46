package io.prefstream.models.store;

import io.prefstream.models.reward.ModelRefused;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A prefix of a bucket on AWS or on any store that speaks S3. Tries once: whoever asks tries again. */
final class S3Source implements Source {

    private final ModelUri uri;
    private final S3Client client;

    S3Source(ModelUri uri, StoreSettings settings) {
        this.uri = uri;
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED) // every file has its SHA-256
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.silence())
                        .socketTimeout(settings.silence()));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint())
                    .forcePathStyle(true); // few stores have a host for each bucket
        }
        this.client = builder.build();
    }

    private static AwsCredentialsProvider credentials(StoreSettings settings) {
        StoreSettings.Key key = settings.key();
        if (key == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        String token = key.token();
        return StaticCredentialsProvider.create(
                token == null
                        ? AwsBasicCredentials.create(key.id(), key.secret())
                        : AwsSessionCredentials.create(key.id(), key.secret(), token));
    }

    @Override
    public Opened open(String file, long from) throws IOException {
        try {
            ResponseInputStream<GetObjectResponse> bytes = client.getObject(request -> {
                request.bucket(uri.bucket()).key(uri.key(file));
                if (from > 0) {
                    request.range("bytes=" + from + "-");
                }
            });
            String range = bytes.response().contentRange();
            return new Opened(bytes, range != null && range.startsWith("bytes " + from + "-") ? from : 0);
        } catch (NoSuchBucketException e) {
            throw new ModelRefused(uri + " cannot be fetched: there is no bucket " + uri.bucket(), e);
        } catch (S3Exception e) {
            throw failure(file, e);
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private IOException failure(String file, S3Exception e) throws NoSuchFileException {
        int status = e.statusCode();
        String code =
                e.awsErrorDetails() == null ? "" : " " + e.awsErrorDetails().errorCode();
        if (status == 404) {
            throw new NoSuchFileException(uri + file);
        }
        if (status / 100 == 3) {
            throw new ModelRefused(
                    uri + file + " answers HTTP " + status + code + ": set models.s3.region to the bucket's", e);
        }
        if (status == 401 || status == 403) {
            throw new ModelRefused(
                    uri + file + " answers HTTP " + status + code + ": set AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY to a key that may read it, and list the bucket to tell what is not"
                            + " there yet",
                    e);
        }
        if (status / 100 == 4 && status != 408 && status != 416 && status != 429) {
            throw new ModelRefused(uri + file + " answers HTTP " + status + code, e);
        }
        return new IOException("it answers HTTP " + status + code, e);
    }

    @Override
    public void close() {
        client.close();
    }
}
