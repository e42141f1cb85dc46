/** What an export holds and how it is split; no Kafka, no files. */
@NullMarked
package io.prefstream.export.domain;

import org.jspecify.annotations.NullMarked;
