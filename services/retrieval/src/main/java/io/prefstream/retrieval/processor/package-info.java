/** What retrieval does with one record; it knows no encoder and no partition but its own. */
@NullMarked
package io.prefstream.retrieval.processor;

import org.jspecify.annotations.NullMarked;
