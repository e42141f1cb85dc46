package io.prefstream.kit.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What settings demand of each other. */
final class SettingRules {

    private static final int FORECAST_TOKENS_IN = 2500;
    private static final int FORECAST_TOKENS_OUT = 150;
    private static final Pattern PRIVATE_HOST =
            Pattern.compile("localhost|[^.]+|.*\\.(local|internal|localhost|svc|lan)|127\\..*|10\\..*|192\\.168\\..*"
                    + "|172\\.(1[6-9]|2[0-9]|3[01])\\..*|\\[::1\\]|\\[f[cd].*\\]");

    private SettingRules() {}

    static List<String> faults(Settings settings) {
        List<String> faults = new ArrayList<>();
        double keep = settings.get(Setting.KEEP);
        double flip = settings.get(Setting.FLIP);
        if (flip >= keep) {
            faults.add("flip must be below keep, got " + flip + " and " + keep);
        }
        reserve(settings, faults);
        String url = settings.find(Setting.JUDGE_URL).orElse("");
        boolean model = settings.find(Setting.JUDGE_MODEL).isPresent();
        if (url.isEmpty() && settings.find(Setting.TAGGER_MODEL).isPresent()) {
            faults.add("tagger.model needs judge.url");
        }
        if (url.isEmpty() && model) {
            faults.add("judge.model needs judge.url");
        } else if (!url.isEmpty() && !model) {
            faults.add("judge.url needs judge.model");
        } else if (!url.isEmpty()) {
            money(settings, url, faults);
        }
        return faults;
    }

    private static void reserve(Settings settings, List<String> faults) {
        String reserve = settings.find(Setting.BUDGET_HUMAN_RESERVE).orElse("");
        if (reserve.isEmpty()) {
            return;
        }
        Double budget = settings.find(Setting.BUDGET_USD).orElse(null);
        if (budget == null) {
            faults.add("budget.human-reserve needs budget.usd, of which it is a part");
        } else if (!reserve.endsWith("%") && Double.parseDouble(reserve) > budget) {
            faults.add("budget.human-reserve must be at most budget.usd, got " + reserve + " of " + budget);
        }
    }

    private static void money(Settings settings, String url, List<String> faults) {
        String price = settings.find(Setting.JUDGE_PRICE).orElse("");
        if (price.isEmpty()) {
            String host = String.valueOf(URI.create(url).getHost());
            if (!PRIVATE_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
                faults.add("judge.price must say what " + host + " charges, US dollars per million tokens read and"
                        + " written, such as 0.15,0.60; 0,0 when it is free");
            }
            return;
        }
        double in = Double.parseDouble(price.substring(0, price.indexOf(',')));
        double out = Double.parseDouble(price.substring(price.indexOf(',') + 1));
        if (in + out > 0 && settings.find(Setting.BUDGET_USD).isEmpty()) {
            int calls = settings.get(Setting.JUDGES_MAX_CALLS);
            faults.add(String.format(
                    Locale.ROOT,
                    "calls to %s cost money, and no budget limits them: at most %d calls of about %d tokens read and %d"
                            + " written come to $%.2f. Give budget.usd, or a lower judges.max-calls with it",
                    url,
                    calls,
                    FORECAST_TOKENS_IN,
                    FORECAST_TOKENS_OUT,
                    calls * (FORECAST_TOKENS_IN * in + FORECAST_TOKENS_OUT * out) / 1e6));
        }
    }
}
