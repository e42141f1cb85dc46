/** Typed settings from a map; it reads no environment. */
@NullMarked
package io.prefstream.kit.config;

import org.jspecify.annotations.NullMarked;
