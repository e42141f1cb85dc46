/** The round controller; it knows no topic's name. */
@NullMarked
package io.prefstream.trainer.processor;

import org.jspecify.annotations.NullMarked;
