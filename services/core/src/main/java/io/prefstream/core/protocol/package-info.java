/** The text by which people and language models judge pairs. */
@NullMarked
package io.prefstream.core.protocol;

import org.jspecify.annotations.NullMarked;
