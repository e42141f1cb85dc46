package io.prefstream.attributetagger.processor;

import io.prefstream.attributetagger.domain.Attributes;
import io.prefstream.core.pair.Message;
import java.util.List;

/** Finds the attributes of a conversation; a function of its texts alone. Called from several threads. */
@FunctionalInterface
public interface Tagger {

    /** The attributes of a conversation whose last turn is to be answered. */
    Attributes tags(List<Message> history);
}
