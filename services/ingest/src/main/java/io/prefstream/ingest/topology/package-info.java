/** How ingest's topics, stores and processor are wired; it decides nothing about a row. */
@NullMarked
package io.prefstream.ingest.topology;

import org.jspecify.annotations.NullMarked;
