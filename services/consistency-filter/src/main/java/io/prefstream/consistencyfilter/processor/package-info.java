/** Walking the pairs and deciding each; it knows no prefix. */
@NullMarked
package io.prefstream.consistencyfilter.processor;

import org.jspecify.annotations.NullMarked;
