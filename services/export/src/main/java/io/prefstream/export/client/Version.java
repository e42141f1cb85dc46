package io.prefstream.export.client;

/** The product's version, as it stands in manifests. */
final class Version {

    static final String NUMBER = "0.1.0";

    private Version() {}
}
