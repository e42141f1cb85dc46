/** What sways a reward model beside quality, and how far people lean the same way; plain Java, nothing of Kafka. */
@NullMarked
package io.prefstream.core.bias;

import org.jspecify.annotations.NullMarked;
