/** Takes questions from a topic and writes the answers to another, beside the stream. */
@NullMarked
package io.prefstream.llm.desk;

import org.jspecify.annotations.NullMarked;
