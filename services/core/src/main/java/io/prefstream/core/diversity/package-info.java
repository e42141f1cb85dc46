/** Topics and diverse subsets of embeddings: deterministic arithmetic that knows no labels, files or topics of Kafka. */
@NullMarked
package io.prefstream.core.diversity;

import org.jspecify.annotations.NullMarked;
