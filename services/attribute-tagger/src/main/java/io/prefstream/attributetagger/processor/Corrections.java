package io.prefstream.attributetagger.processor;

import io.prefstream.kit.stage.Store;
import io.prefstream.kit.stage.StoreSerdes;
import io.prefstream.wire.AttributeEdit;
import io.prefstream.wire.AttributeOrigin;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.Objectivity;
import io.prefstream.wire.PairAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What people have corrected in the attributes of pairs. Of two that correct one attribute the later counts. */
final class Corrections {

    /** Annotations that correct something, by pair id, batch and ordinal. */
    static final Store<HumanAnnotation> GIVEN =
            new Store<>("corrections", StoreSerdes.avro(HumanAnnotation.class), true);

    private static final Comparator<HumanAnnotation> ORDER = Comparator.comparing(
                    (HumanAnnotation a) -> a.getAt() == null ? Instant.MIN : a.getAt())
            .thenComparing(HumanAnnotation::getBatch)
            .thenComparingLong(HumanAnnotation::getOrdinal);
    private static final char LAST = '\uffff';

    private final KeyValueStore<String, HumanAnnotation> given;

    Corrections(KeyValueStore<String, HumanAnnotation> given) {
        this.given = given;
    }

    /** Takes an annotation; false when it changes no correction. */
    boolean put(String pairId, HumanAnnotation annotation) {
        String key = pairId + "/" + annotation.getBatch() + "/" + annotation.getOrdinal();
        if (annotation.getEdit() == null) {
            return given.delete(key) != null; // taken back
        }
        return !annotation.equals(given.putIfAbsent(key, annotation));
    }

    /** A tagger's revision with people's corrections; null when there are none. */
    @Nullable
    PairAttributes over(PairAttributes tags) {
        List<HumanAnnotation> all = new ArrayList<>();
        String from = tags.getPairId() + "/";
        try (KeyValueIterator<String, HumanAnnotation> found = given.range(from, from + LAST)) {
            found.forEachRemaining(entry -> all.add(entry.value));
        }
        if (all.isEmpty()) {
            return null;
        }
        all.sort(ORDER);
        PairAttributes.Builder corrected = PairAttributes.newBuilder(tags);
        List<String> inputs = new ArrayList<>();
        for (HumanAnnotation annotation : all) {
            apply(annotation.getEdit(), corrected);
            inputs.add((annotation.getAnnotator().isEmpty() ? "somebody" : annotation.getAnnotator()) + " in "
                    + annotation.getFile() + ":" + annotation.getLine());
        }
        return corrected
                .setOrigin(AttributeOrigin.HUMAN_EDITED)
                .setProvenance(TagRecord.provenance(
                        "corrected/1 over " + tags.getProvenance().getRevision(), inputs, null))
                .build();
    }

    private static void apply(AttributeEdit edit, PairAttributes.Builder to) {
        if (edit.getTaskCategory() != null) {
            to.setTaskCategory(edit.getTaskCategory());
        }
        if (edit.getObjectivity() != null) {
            to.setObjectivity(Objectivity.valueOf(edit.getObjectivity().toUpperCase(Locale.ROOT)));
        }
        if (edit.getControversiality() != null) {
            to.setControversiality(
                    Controversiality.valueOf(edit.getControversiality().toUpperCase(Locale.ROOT)));
        }
        if (edit.getDesiredAttributes() != null) {
            to.setDesiredAttributes(edit.getDesiredAttributes());
        }
        if (edit.getAnnotationGuideline() != null) {
            to.setAnnotationGuideline(edit.getAnnotationGuideline());
        }
    }
}
