/** What asking a language model takes and costs; no network. */
@NullMarked
package io.prefstream.llm.domain;

import org.jspecify.annotations.NullMarked;
