/** What ingest does with one record; it knows no topic's partitions, no file and no clock. */
@NullMarked
package io.prefstream.ingest.processor;

import org.jspecify.annotations.NullMarked;
