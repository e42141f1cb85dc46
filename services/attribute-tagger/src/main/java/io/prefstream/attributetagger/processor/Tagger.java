package io.prefstream.attributetagger.processor;

import io.prefstream.core.pair.Message;
import io.prefstream.wire.Controversiality;
import io.prefstream.wire.Objectivity;
import java.util.List;

/** Finds the attributes of a conversation; a function of its texts alone. Called from several threads. */
@FunctionalInterface
public interface Tagger {

    /** The attributes of a conversation whose last turn is to be answered. */
    Tags tags(List<Message> history);

    /**
     * The five attributes of a pair.
     *
     * @param taskCategory one of the twelve task categories
     * @param desiredAttributes what a good answer has, a comma-separated list
     * @param annotationGuideline guideline for judging this very pair
     */
    record Tags(
            String taskCategory,
            Objectivity objectivity,
            Controversiality controversiality,
            String desiredAttributes,
            String annotationGuideline) {}
}
