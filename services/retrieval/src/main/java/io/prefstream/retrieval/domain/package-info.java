/** How the nearest pairs are found and merged; it knows no topic, no store and no encoder. */
@NullMarked
package io.prefstream.retrieval.domain;

import org.jspecify.annotations.NullMarked;
