/** Rules of a process that runs everything; {@code java.*} alone. */
@NullMarked
package io.prefstream.runner.domain;

import org.jspecify.annotations.NullMarked;
