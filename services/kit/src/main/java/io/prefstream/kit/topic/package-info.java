/** The table of topics and their creation; it knows no stage's rules. */
@NullMarked
package io.prefstream.kit.topic;

import org.jspecify.annotations.NullMarked;
