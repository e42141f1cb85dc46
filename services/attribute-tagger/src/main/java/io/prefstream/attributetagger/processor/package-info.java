/** What the attribute tagger does with one record; it knows no way of classifying a text. */
@NullMarked
package io.prefstream.attributetagger.processor;

import org.jspecify.annotations.NullMarked;
