package io.prefstream.kit.registry;

import org.apache.avro.Schema;

/** What serdes need of a schema registry. Implementations are thread-safe and cache what they have learnt. */
public interface RegistryClient {

    /**
     * Id of a schema under a subject, registering it when it is new.
     *
     * @throws RegistryException when the registry refuses the schema or cannot be reached
     */
    int register(String subject, Schema schema);

    /**
     * The schema of an id.
     *
     * @throws RegistryException when there is none or the registry cannot be reached
     */
    Schema byId(int id);
}
