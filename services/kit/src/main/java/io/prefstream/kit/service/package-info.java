/** A stage as a process of its own, and the health and metrics of stages over HTTP; it holds no rule. */
@NullMarked
package io.prefstream.kit.service;

import org.jspecify.annotations.NullMarked;
