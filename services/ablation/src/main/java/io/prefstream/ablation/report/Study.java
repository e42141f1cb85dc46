package io.prefstream.ablation.report;

import io.prefstream.ablation.domain.Panel;
import java.util.List;
import java.util.Map;

/**
 * What a report tells.
 *
 * @param title its title
 * @param about what was asked
 * @param command the exact command that made it
 * @param repeats what a repeat is, and what its seed draws
 * @param panels what was compared
 * @param between names of panels, each beside the one that it is tested against, at full size
 * @param facts what it was made from: hashes, offsets, configurations, in order
 * @param notes what a reader must know
 */
public record Study(
        String title,
        String about,
        String command,
        String repeats,
        List<Panel> panels,
        Map<String, String> between,
        List<Block.Table> facts,
        List<String> notes) {}
