package io.prefstream.models.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prefstream.models.reward.ModelRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelUriTest {

    @ParameterizedTest
    @CsvSource({
        "https://Models.Example.com/rm, https://models.example.com/rm/",
        "HTTPS://models.example.com:443, https://models.example.com/",
        "http://localhost:8000/a/b/, http://localhost:8000/a/b/",
        "s3://bucket, s3://bucket/",
        "s3://bucket/rewards/rm-8b, s3://bucket/rewards/rm-8b/",
        "/srv/models/../models/rm, file:///srv/models/rm/",
        "file:/srv/models/rm, file:///srv/models/rm/",
        "file:///srv/with%20blank/, file:///srv/with%20blank/"
    })
    void eachPlaceIsWrittenInOneWay(String given, String written) {
        assertThat(ModelUri.of(given).text()).isEqualTo(written);
        assertThat(ModelUri.of(written).text()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https:///rm",
                "https://host/rm?token=1",
                "https://host/rm#x",
                "https://allowed.example.com@other.example.com/rm",
                "https://host/a/../b",
                "https://host/a/./b",
                "https://host/a//b",
                "https://host/a%2e%2e/b",
                "https://host/a\\b",
                "s3://Bucket_/rm",
                "s3://bucket/../other",
                "s3:///rm",
                "file://other-host/srv",
                "ftp://host/rm",
                "jar:file:/x.jar!/rm",
                "data:text/plain,x"
            })
    void whatCouldLeadElsewhereIsRefused(String text) {
        assertThatThrownBy(() -> ModelUri.of(text)).isInstanceOf(ModelRefused.class);
    }

    @Test
    void aPrefixEndsAtASlash() {
        ModelUri prefix = ModelUri.of("https://host/models");

        assertThat(prefix.holds(ModelUri.of("https://host/models"))).isTrue();
        assertThat(prefix.holds(ModelUri.of("https://host/models/rm"))).isTrue();
        assertThat(prefix.holds(ModelUri.of("https://host/models-of-others/rm")))
                .isFalse();
        assertThat(prefix.holds(ModelUri.of("http://host/models/rm"))).isFalse();
        assertThat(prefix.holds(ModelUri.of("https://host:8443/models/rm"))).isFalse();
        assertThat(prefix.holds(ModelUri.of("https://host.example.com/models/rm")))
                .isFalse();
    }

    @Test
    void anObjectsKeyIsThePrefixAndTheFile() {
        assertThat(ModelUri.of("s3://bucket/a/b").key("model.onnx")).isEqualTo("a/b/model.onnx");
        assertThat(ModelUri.of("s3://bucket").key("model.onnx")).isEqualTo("model.onnx");
        assertThat(ModelUri.of("s3://bucket/a/b").bucket()).isEqualTo("bucket");
    }
}
