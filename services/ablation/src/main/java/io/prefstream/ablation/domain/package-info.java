/** Arms of a comparison, controls, and tests; no Kafka, no files. */
@NullMarked
package io.prefstream.ablation.domain;

import org.jspecify.annotations.NullMarked;
