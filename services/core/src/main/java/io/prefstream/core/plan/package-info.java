/** Money and what it buys: plans, forecasts, hard stops, which source to ask, when to stop. Pure sums; knows no topic. */
@NullMarked
package io.prefstream.core.plan;

import org.jspecify.annotations.NullMarked;
