package io.prefstream.trainer.domain;

import io.prefstream.core.plan.StoppingRule;
import java.util.Map;

/**
 * Settings of a run that say what may be spent on what.
 *
 * @param humanPrice US dollars that a person's label costs, 0 or more
 * @param reserve US dollars of the budget that calls may never touch
 * @param stop when further rounds no longer pay
 * @param byValue whether each open pair goes to the source whose answer tells most for a dollar
 */
public record MoneySettings(double humanPrice, double reserve, StoppingRule stop, boolean byValue) {

    /** Parses the settings of a run request; what is missing takes its default. */
    public static MoneySettings of(Map<String, String> map) {
        StoppingRule standard = StoppingRule.DEFAULT;
        return new MoneySettings(
                Double.parseDouble(map.getOrDefault("human.price", "0")),
                reserve(map.getOrDefault("budget.human-reserve", "0"), map.getOrDefault("budget.usd", "0")),
                StoppingRule.of(
                        map.getOrDefault("stop.gain", "0"),
                        Integer.parseInt(map.getOrDefault("stop.rounds", Integer.toString(standard.window())))),
                map.getOrDefault("sources", "all").equals("value"));
    }

    private static double reserve(String reserve, String budget) {
        return reserve.endsWith("%")
                ? Double.parseDouble(reserve.substring(0, reserve.length() - 1)) / 100 * Double.parseDouble(budget)
                : Double.parseDouble(reserve);
    }
}
