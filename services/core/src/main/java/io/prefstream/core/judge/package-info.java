/** Which language models judge, and how they are asked; knows no network. */
@NullMarked
package io.prefstream.core.judge;

import org.jspecify.annotations.NullMarked;
