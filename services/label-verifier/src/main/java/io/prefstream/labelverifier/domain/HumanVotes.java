package io.prefstream.labelverifier.domain;

import io.prefstream.core.agreement.AnnotatorModel.Ballot;
import io.prefstream.core.agreement.Choice;
import io.prefstream.core.verdict.HumanLabels;
import io.prefstream.wire.HumanAnnotation;
import io.prefstream.wire.RaterKind;
import io.prefstream.wire.Vote;
import io.prefstream.wire.VoteChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What people's annotations of a pair come to. */
public final class HumanVotes {

    private HumanVotes() {}

    /** Votes of annotations in their order, without those taken back; line n is the n-th of them. */
    public static List<HumanLabels.Vote> of(List<HumanAnnotation> annotations) {
        List<HumanLabels.Vote> votes = new ArrayList<>();
        for (HumanAnnotation a : annotations) {
            HumanLabels.Said said = said(a);
            if (said != null) {
                votes.add(new HumanLabels.Vote(
                        a.getAnnotator().isEmpty() ? null : a.getAnnotator(), said, a.getAt(), votes.size() + 1L));
            }
        }
        return votes;
    }

    /** The votes that count and decide something, for a model of the annotators. */
    public static List<Ballot> ballots(List<HumanLabels.Vote> votes) {
        List<Ballot> ballots = new ArrayList<>();
        for (HumanLabels.Vote vote : HumanLabels.latest(votes)) {
            VoteChoice choice = choice(vote.said());
            if (choice != VoteChoice.UNKNOWN) {
                String who = vote.annotator();
                ballots.add(new Ballot(
                        who == null ? "" : who, Choice.valueOf(choice.name()).index()));
            }
        }
        return ballots;
    }

    /** Every person's vote on the pair as it counts now, by vote id; without a choice where there is none any more. */
    public static Map<String, Vote> records(String pairId, String category, List<HumanAnnotation> annotations) {
        Map<String, List<HumanAnnotation>> byVote = new TreeMap<>();
        annotations.forEach(
                a -> byVote.computeIfAbsent(voteId(a), id -> new ArrayList<>()).add(a));
        Map<String, Vote> records = new TreeMap<>();
        byVote.forEach((id, of) -> records.put(id, record(pairId, category, id, of)));
        return records;
    }

    private static Vote record(String pairId, String category, String id, List<HumanAnnotation> of) {
        List<HumanAnnotation> standing =
                of.stream().filter(a -> said(a) != null).toList();
        List<HumanLabels.Vote> latest = HumanLabels.latest(of(of));
        HumanAnnotation counts = latest.isEmpty()
                ? of.getLast()
                : standing.get((int) latest.getFirst().line() - 1);
        return Vote.newBuilder()
                .setPairId(pairId)
                .setVoteId(id)
                .setAnnotator(counts.getAnnotator())
                .setKind(RaterKind.HUMAN)
                .setChoice(
                        latest.isEmpty()
                                ? VoteChoice.UNKNOWN
                                : choice(latest.getFirst().said()))
                .setTaskCategory(category)
                .setShownFirst(counts.getShownFirst())
                .setSeconds(counts.getSeconds())
                .build();
    }

    /** Names the vote that an annotation gives or replaces; that of an unknown person is one of its own. */
    public static String voteId(HumanAnnotation annotation) {
        return "human/"
                + (annotation.getAnnotator().isEmpty()
                        ? annotation.getBatch() + "/" + annotation.getOrdinal()
                        : annotation.getAnnotator());
    }

    private static VoteChoice choice(HumanLabels.Said said) {
        return switch (said) {
            case CHOSEN -> VoteChoice.CHOSEN;
            case REJECTED -> VoteChoice.REJECTED;
            case TIE -> VoteChoice.TIE;
            case CANNOT_TELL -> VoteChoice.UNKNOWN;
        };
    }

    private static HumanLabels.@Nullable Said said(HumanAnnotation annotation) {
        boolean chosenFirst = !"rejected".equals(annotation.getShownFirst());
        return switch (annotation.getVerdict()) {
            case CHOSEN -> HumanLabels.Said.CHOSEN;
            case REJECTED -> HumanLabels.Said.REJECTED;
            case TIE -> HumanLabels.Said.TIE;
            case CANNOT_TELL -> HumanLabels.Said.CANNOT_TELL;
            case FIRST -> chosenFirst ? HumanLabels.Said.CHOSEN : HumanLabels.Said.REJECTED;
            case SECOND -> chosenFirst ? HumanLabels.Said.REJECTED : HumanLabels.Said.CHOSEN;
            case UNKNOWN -> null;
        };
    }
}
