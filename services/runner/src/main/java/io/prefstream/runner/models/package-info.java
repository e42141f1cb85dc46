/** Reward models that score answers outside the stages: who they are, and which of them is served now. */
@NullMarked
package io.prefstream.runner.models;

import org.jspecify.annotations.NullMarked;
