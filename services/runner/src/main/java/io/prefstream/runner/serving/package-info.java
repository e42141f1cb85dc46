/** Reward models by HTTP: the shapes that trainers speak, and the queue behind them. */
@NullMarked
package io.prefstream.runner.serving;

import org.jspecify.annotations.NullMarked;
