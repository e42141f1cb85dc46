/** What a pair is about and how it is to be judged, by rules and by likeness; no model, no record, no topic. */
@NullMarked
package io.prefstream.attributetagger.domain;

import org.jspecify.annotations.NullMarked;
