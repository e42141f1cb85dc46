package io.prefstream.export.domain;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which prompt groups make the validation split. A group is never in two splits, nor is a cluster of groups whose pairs are nearly
 * alike. Its own hash alone puts a group into the validation split; only when that leaves the split empty, the cluster with the
 * lowest hash is taken.
 */
public final class Split {

    /** Share of the groups that the validation split gets, 0..1. */
    public static final double VALIDATION_SHARE = 0.05;

    private Split() {}

    /**
     * Groups of the validation split; empty when there are fewer than two clusters.
     *
     * @param links groups whose pairs are nearly alike, two by two; clusters of them are never parted. A cluster is in the validation
     *     split when every group of it is by its own hash, so that what comes later may take a group out, and puts none in.
     */
    public static Set<String> validation(Collection<String> groups, Collection<List<String>> links) {
        Map<String, String> parent = new HashMap<>();
        groups.forEach(group -> parent.put(group, group));
        for (List<String> link : links) {
            if (parent.containsKey(link.get(0)) && parent.containsKey(link.get(1))) {
                String a = root(parent, link.get(0));
                String b = root(parent, link.get(1));
                parent.put(a.compareTo(b) < 0 ? b : a, a.compareTo(b) < 0 ? a : b);
            }
        }
        Map<String, Set<String>> clusters = new TreeMap<>();
        parent.keySet()
                .forEach(group -> clusters.computeIfAbsent(root(parent, group), r -> new HashSet<>())
                        .add(group));
        if (clusters.size() < 2) {
            return Set.of();
        }
        Set<String> chosen = new HashSet<>();
        int taken = 0;
        for (Set<String> cluster : clusters.values()) {
            if (cluster.stream().allMatch(group -> fraction(group) < VALIDATION_SHARE)) {
                chosen.addAll(cluster);
                taken++;
            }
        }
        return taken == 0 || taken == clusters.size()
                ? Set.copyOf(clusters.values().iterator().next())
                : chosen;
    }

    private static String root(Map<String, String> parent, String group) {
        String at = group;
        while (true) {
            String up = parent.getOrDefault(at, at);
            if (up.equals(at)) {
                return at;
            }
            parent.put(at, parent.getOrDefault(up, up)); // halves the way for the next
            at = up;
        }
    }

    /** Place of a hash in 0..1, from its first 8 hex digits. */
    private static double fraction(String group) {
        return Long.parseLong(group.substring(0, 8), 16) / 4294967296.0;
    }
}
