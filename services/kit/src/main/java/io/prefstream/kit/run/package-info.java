/** Starting, watching and stopping a stage; it holds no rule. */
@NullMarked
package io.prefstream.kit.run;

import org.jspecify.annotations.NullMarked;
