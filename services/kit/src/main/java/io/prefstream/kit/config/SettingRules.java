package io.prefstream.kit.config;

import io.prefstream.core.judge.Judge;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
        if (settings.find(Setting.MODELS_S3_KEY_ID).isPresent()
                != settings.find(Setting.MODELS_S3_SECRET).isPresent()) {
            faults.add("models.s3.access-key-id and models.s3.secret-access-key need each other, and one is missing");
        }
        String url = settings.find(Setting.JUDGE_URL).orElse("");
        boolean model = settings.find(Setting.JUDGE_MODEL).isPresent();
        if (!settings.isJudged() && settings.find(Setting.TAGGER_MODEL).isPresent()) {
            faults.add("tagger.model needs judge.url");
        }
        if (url.isEmpty() && model) {
            faults.add("judge.model needs judge.url");
        } else if (!url.isEmpty() && !model && settings.judgeNames().isEmpty()) {
            faults.add("judge.url needs judge.model");
        }
        Map<String, String> all = settings.stages();
        for (Judge judge : Judge.all(all)) {
            if (judge.url().isEmpty()) {
                faults.add("judges." + judge.name() + " needs a url, or judge.url");
            } else if (judge.model().isEmpty()) {
                faults.add("judges." + judge.name() + " needs a model");
            } else {
                price(judge, all, faults);
            }
        }
        if (faults.isEmpty()) {
            money(settings, Judge.all(all), faults);
        }
        return faults;
    }

    private static void price(Judge judge, Map<String, String> all, List<String> faults) {
        String host = String.valueOf(URI.create(judge.url()).getHost());
        if (judge.price(all).isEmpty()
                && !PRIVATE_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            faults.add(
                    (judge.isNamed() ? "judges." + judge.name() + ".price" : "judge.price") + " must say what " + host
                            + " charges, US dollars per million tokens read and written, such as 0.15,0.60; 0,0 when it is free");
        }
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

    private static void money(Settings settings, List<Judge> judges, List<String> faults) {
        int calls = settings.get(Setting.JUDGES_MAX_CALLS);
        int round = judges.stream().mapToInt(judge -> 2 * judge.samples()).sum();
        double usd = judges.stream()
                .mapToDouble(judge -> 2.0
                        * judge.samples()
                        / round
                        * calls
                        * (FORECAST_TOKENS_IN * judge.inputPrice() + FORECAST_TOKENS_OUT * judge.outputPrice())
                        / 1e6)
                .sum();
        if (usd > 0 && settings.find(Setting.BUDGET_USD).isEmpty()) {
            faults.add(String.format(
                    Locale.ROOT,
                    "calls to %s cost money, and no budget limits them: at most %d calls of about %d tokens read and %d"
                            + " written come to $%.2f. Give budget.usd, or a lower judges.max-calls with it",
                    judges.stream().map(Judge::url).distinct().collect(Collectors.joining(" and ")),
                    calls,
                    FORECAST_TOKENS_IN,
                    FORECAST_TOKENS_OUT,
                    usd));
        }
    }
}
