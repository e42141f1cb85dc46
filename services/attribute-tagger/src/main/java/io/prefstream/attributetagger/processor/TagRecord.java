package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.core.stats.Hashes;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.AttributesProvenance;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.PairAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes as they stand on the topic. Stateless. */
final class TagRecord {

    private static final String STAGE = "attribute-tagger";

    private TagRecord() {}

    static PairAttributes builtIn(String pairId, Attributes tags, String revision) {
        return of(pairId, tags, AttributeOrigin.BUILT_IN, provenance(revision, List.of(), null));
    }

    /**
     * What language models said.
     *
     * @param calls the calls that it was read from
     * @param usd what they cost
     */
    static PairAttributes described(String pairId, Attributes tags, String revision, List<String> calls, double usd) {
        return of(pairId, tags, AttributeOrigin.LLM, provenance(revision, calls, usd));
    }

    /**
     * Who set the attributes.
     *
     * @param revision all that they depend on besides the texts
     */
    static AttributesProvenance provenance(String revision, List<String> inputs, @Nullable Double usd) {
        return AttributesProvenance.newBuilder()
                .setStage(STAGE)
                .setStageVersion("1")
                .setConfigHash(Hashes.ofSettings(Map.of("revision", revision)))
                .setInputs(inputs)
                .setRevision(revision)
                .setCostUsd(usd)
                .build();
    }

    private static PairAttributes of(
            String pairId, Attributes tags, AttributeOrigin origin, AttributesProvenance provenance) {
        return PairAttributes.newBuilder()
                .setPairId(pairId)
                .setTaskCategory(tags.category().label())
                .setObjectivity(tags.objective() ? Objectivity.OBJECTIVE : Objectivity.SUBJECTIVE)
                .setControversiality(Controversiality.valueOf(tags.dispute().name()))
                .setDesiredAttributes(tags.desired())
                .setAnnotationGuideline(tags.guideline())
                .setOrigin(origin)
                .setProvenance(provenance)
                .build();
    }
}
