/** Chat templates of Hugging Face models: a conversation as the text that a model was trained on. */
@NullMarked
package io.prefstream.models.chat;

import org.jspecify.annotations.NullMarked;
