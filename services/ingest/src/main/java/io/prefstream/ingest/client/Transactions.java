package io.prefstream.ingest.client;

/** A door whose records are there all together or not at all. */
interface Transactions extends Door {

    /** Begins a transaction. */
    void begin();

    /** Ends it; it fails when a record of it has failed. */
    void commit();

    /** Gives it up. */
    void abort();
}
