package io.prefstream.trainer.domain;

import io.prefstream.core.agreement.AgreementBoard.Cast;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.agreement.RaterKind;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import org.jspecify.annotations.Nullable;

/** Votes as the core has them. */
public final class Casts {

    private Casts() {}

    /** A vote off the topic; of a kind not known here it is a vote taken back. */
    public static Cast of(Vote vote) {
        String first = vote.getShownFirst();
        return new Cast(
                vote.getPairId(),
                vote.getVoteId(),
                vote.getAnnotator(),
                switch (vote.getKind()) {
                    case HUMAN, UNKNOWN -> RaterKind.HUMAN;
                    case JUDGE -> RaterKind.JUDGE;
                    case REWARD_MODEL -> RaterKind.REWARD_MODEL;
                },
                vote.getKind() == io.prefstream.wire.RaterKind.UNKNOWN ? null : choice(vote.getChoice()),
                vote.getTaskCategory(),
                first == null ? null : first.equals("chosen") ? Choice.CHOSEN : Choice.REJECTED,
                vote.getSeconds());
    }

    private static @Nullable Choice choice(VoteChoice choice) {
        return switch (choice) {
            case CHOSEN -> Choice.CHOSEN;
            case REJECTED -> Choice.REJECTED;
            case TIE -> Choice.TIE;
            case UNKNOWN -> null;
        };
    }
}
