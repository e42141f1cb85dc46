/** Talks to OpenAI-compatible endpoints. */
@NullMarked
package io.prefstream.llm.client;

import org.jspecify.annotations.NullMarked;
