/** Fetches reward models from folders, HTTP servers and S3-compatible stores into a cache; nothing of Kafka. */
@NullMarked
package io.prefstream.models.store;

import org.jspecify.annotations.NullMarked;
