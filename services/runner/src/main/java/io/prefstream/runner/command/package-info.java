/** The command line; no rule. */
@NullMarked
package io.prefstream.runner.command;

import org.jspecify.annotations.NullMarked;
