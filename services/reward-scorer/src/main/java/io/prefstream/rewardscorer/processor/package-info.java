/** Scoring by request; it knows no prefix and no client. */
@NullMarked
package io.prefstream.rewardscorer.processor;

import org.jspecify.annotations.NullMarked;
