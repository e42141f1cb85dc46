package io.prefstream.runner.serving;

/** What became of a request in the queue. */
sealed interface Scored {

    /**
     * Raw scores in the order of the request, all by one model.
     *
     * @param model id of the model
     */
    record By(String model, double[] scores) implements Scored {}

    /** No model goes by the name that the request gives. */
    record NoModel() implements Scored {}

    /**
     * An item cannot be scored.
     *
     * @param place its place in the request, from 0
     * @param why with the cure
     */
    record Unscorable(int place, String model, String why) implements Scored {}

    /** The model failed, or the process is being stopped; the same request may succeed later. */
    record Failed(String why) implements Scored {}
}
