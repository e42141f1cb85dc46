/** The embedded broker of the one-process mode; it knows no stage. */
@NullMarked
package io.prefstream.runner.broker;

import org.jspecify.annotations.NullMarked;
