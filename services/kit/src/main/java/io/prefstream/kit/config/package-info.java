/** Every setting in one table, gathered from file, environment and flags; it starts nothing. */
@NullMarked
package io.prefstream.kit.config;

import org.jspecify.annotations.NullMarked;
