/** What a row of a user's file means: a candidate pair, a label, or a refusal with its reason; touches no file and no topic. */
@NullMarked
package io.prefstream.ingest.domain;

import org.jspecify.annotations.NullMarked;
