/** How retrieval's topics, stores and processor are wired; it decides nothing about a pair. */
@NullMarked
package io.prefstream.retrieval.topology;

import org.jspecify.annotations.NullMarked;
