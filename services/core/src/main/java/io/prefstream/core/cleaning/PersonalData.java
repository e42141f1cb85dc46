package io.prefstream.core.cleaning;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Personal data that has a form: addresses, numbers and keys. Names and what only a reader would know are not found.
 * Examples that their makers reserve (example.com, 555 numbers, private addresses) count as none. Stateless; any thread.
 */
public final class PersonalData {

    /** Kinds of personal data, each with its score and its form. */
    public enum Kind {
        /** Name and password in a URL such as ftp://user:secret@host. */
        LOGIN(3, "(?<=://)[^\\s/:@\"'<>]{1,64}:[^\\s/@\"'<>]{1,64}(?=@[\\w.-]{1,253})"),
        /** Public IPv4 address. */
        IP(1, "(?<![\\w.])\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(?![\\w]|\\.\\d)"),
        /** Mail address. */
        EMAIL(2, "(?<![\\w.+%-])[A-Za-z0-9][\\w.+%-]{0,63}@(?:[A-Za-z0-9-]{1,63}\\.){1,8}[A-Za-z]{2,24}(?![\\w-])"),
        /** Telephone number: international with its +, or North American with its separators. */
        PHONE(
                2,
                "(?<![\\w.+*/=^)-])(?:\\+[1-9]\\d{0,2}[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?\\d(?:[ .-]?\\d){5,12}"
                        + "|(?:1[ .-])?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[-.])[2-9]\\d{2}[-.]\\d{4})(?![\\w]|[ .-]\\d)"),
        /** Number of a payment card, by its issuer's digits, length and check digit. */
        CARD(3, "(?<![\\w.+-])[3-6]\\d{3}(?:[ -]?\\d){9,15}(?![\\w]|[-.]\\d)"),
        /** Number of a bank account, by its check digits. */
        IBAN(3, "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"),
        /** Social security number of the United States. */
        SSN(3, "(?<![\\w.-])(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\w]|[-.]\\d)"),
        /** Secret key of a service, by the marks that services put on them, or a private key. */
        KEY(
                3,
                "(?<![A-Za-z0-9])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\\w{60,90}"
                        + "|sk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,180}|xox[abprs]-[A-Za-z0-9-]{10,80}"
                        + "|AIza[0-9A-Za-z_-]{35}|[sr]k_live_[0-9A-Za-z]{16,99}|hf_[A-Za-z]{34}"
                        + "|eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,1000})(?![A-Za-z0-9])"
                        + "|-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----[A-Za-z0-9+/=\\s]{0,8000}"
                        + "(?:-----END (?:[A-Z]{2,10} )?PRIVATE KEY-----)?");

        private final int score;
        private final Pattern form;

        Kind(int score, String form) {
            this.score = score;
            this.form = Pattern.compile(form);
        }

        /** How much it says of a person: 1 a machine, 2 a way to reach a person, 3 what can be misused. */
        public int score() {
            return score;
        }

        /** Stable name in lower case. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a text of this form is one: what the form alone can't tell. */
        private boolean holds(String match) {
            return switch (this) {
                case LOGIN -> !NO_LOGINS.contains(match.toLowerCase(Locale.ROOT));
                case IP -> isPublicAddress(match);
                case EMAIL -> isPersonal(match);
                case PHONE -> isNumber(match);
                case CARD -> isCard(match);
                case IBAN -> isAccount(match);
                case SSN -> !match.equals("123-45-6789") && !match.equals("078-05-1120");
                case KEY -> isMixed(match);
            };
        }
    }

    /**
     * One find in a text.
     *
     * @param from index of its first character
     * @param to index after its last
     */
    public record Find(Kind kind, int from, int to) {}

    private static final Pattern RESERVED =
            Pattern.compile("(?:.*[.@])?example\\.(?:com|org|net|edu)|.*\\.(?:example|test|invalid|localhost)");
    private static final Set<String> NO_MAILBOXES = Set.of("domain.com", "email.com", "company.com");
    private static final Set<String> NO_LOGINS =
            Set.of("username:password", "user:password", "user:pass", "login:password", "user:secret");
    private static final int MOST_CARD_DIGITS = 19;

    private PersonalData() {}

    /** Everything found in a text, in order; of finds that overlap, the one that scores highest, else the first. */
    public static List<Find> in(String text) {
        List<Find> all = new ArrayList<>();
        boolean digits = text.chars().anyMatch(c -> c >= '0' && c <= '9');
        boolean at = text.indexOf('@') >= 0;
        for (Kind kind : Kind.values()) {
            boolean possible = switch (kind) {
                case EMAIL, LOGIN -> at;
                case KEY -> true;
                default -> digits;
            };
            Matcher matcher = kind.form.matcher(text);
            while (possible && matcher.find()) {
                if (kind.holds(matcher.group())) {
                    all.add(new Find(kind, matcher.start(), matcher.end()));
                }
            }
        }
        if (all.size() < 2) {
            return all;
        }
        all.sort(Comparator.comparingInt((Find f) -> -f.kind.score).thenComparingInt(Find::from));
        List<Find> apart = new ArrayList<>();
        for (Find find : all) {
            if (apart.stream().allMatch(f -> f.to <= find.from || find.to <= f.from)) {
                apart.add(find);
            }
        }
        apart.sort(Comparator.comparingInt(Find::from));
        return apart;
    }

    /** The text with a mark such as [EMAIL] in the place of each find. */
    public static String redacted(String text) {
        List<Find> finds = in(text);
        if (finds.isEmpty()) {
            return text;
        }
        StringBuilder redacted = new StringBuilder(text.length());
        int at = 0;
        for (Find find : finds) {
            redacted.append(text, at, find.from).append('[').append(find.kind).append(']');
            at = find.to;
        }
        return redacted.append(text, at, text.length()).toString();
    }

    /** Kinds found in any of the texts. */
    public static Set<Kind> kinds(List<String> texts) {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        texts.forEach(text -> in(text).forEach(find -> kinds.add(find.kind)));
        return kinds;
    }

    /** Score of kinds found together: the greatest, 0 without any. */
    public static int score(Set<Kind> kinds) {
        return kinds.stream().mapToInt(Kind::score).max().orElse(0);
    }

    private static boolean isPublicAddress(String address) {
        String[] parts = address.split("\\.", 4);
        for (String part : parts) {
            if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
        }
        int a = Integer.parseInt(parts[0]);
        int b = Integer.parseInt(parts[1]);
        boolean small = a < 10 && b < 20; // a version or a section, such as 1.2.3.4
        boolean own = a == 10 || a == 127 || (a == 192 && b == 168) || (a == 172 && b >= 16 && b < 32);
        boolean reserved = a == 0 || a >= 224 || (a == 192 && b == 0) || (a == 198 && b == 51) || (a == 203 && b == 0);
        boolean resolver = address.equals("8.8.8.8") || address.equals("8.8.4.4") || address.equals("1.1.1.1");
        return !small && !own && !reserved && !resolver;
    }

    private static boolean isPersonal(String address) {
        String host = address.substring(address.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        return !RESERVED.matcher(host).matches()
                && !NO_MAILBOXES.contains(host)
                && !host.startsWith("your")
                && !address.regionMatches(true, 0, "your", 0, 4);
    }

    private static boolean isNumber(String number) {
        String digits = digits(number);
        if (number.startsWith("+") && !(digits.startsWith("1") && digits.length() == 11)) {
            boolean bare = digits.length() == number.length() - 1;
            return digits.length() >= (bare ? 10 : 8) && digits.length() <= 15;
        }
        String local = digits.substring(digits.length() - 10);
        return !local.startsWith("555") && !local.startsWith("555", 3);
    }

    private static boolean isCard(String number) {
        String digits = digits(number);
        int n = digits.length();
        boolean issued = switch (digits.charAt(0)) {
            case '3' ->
                (n == 15 && (digits.startsWith("34") || digits.startsWith("37")))
                        || (n == 14 && (digits.startsWith("30") || digits.startsWith("36")))
                        || (n == 16 && digits.startsWith("35"));
            case '4' -> n == 13 || n == 16 || n == MOST_CARD_DIGITS;
            case '5' -> n == 16 && digits.charAt(1) >= '1' && digits.charAt(1) <= '5';
            default -> n == 16 && (digits.startsWith("60") || digits.startsWith("62") || digits.startsWith("65"));
        };
        return issued && digits.chars().distinct().count() > 2 && luhn(digits);
    }

    /** Whether the last digit is the check digit that Luhn's formula gives (ISO/IEC 7812-1). */
    static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = 2 * digit;
            sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
        }
        return sum % 10 == 0;
    }

    /** Whether the number with its first four characters moved to the end is 1 modulo 97 (ISO 13616). */
    private static boolean isAccount(String number) {
        String bare = number.replace(" ", "");
        if (bare.length() < 15 || bare.length() > 34) {
            return false;
        }
        StringBuilder value = new StringBuilder();
        (bare.substring(4) + bare.substring(0, 4))
                .chars()
                .forEach(c -> value.append(Character.digit(c, Character.MAX_RADIX)));
        return new BigInteger(value.toString()).mod(BigInteger.valueOf(97)).equals(BigInteger.ONE);
    }

    /** Whether a key has what a made-up one lacks: several digits or letters, not one again and again. */
    private static boolean isMixed(String key) {
        return key.chars().distinct().count() >= 10
                && (key.startsWith("-----") || key.chars().anyMatch(Character::isDigit));
    }

    private static String digits(String text) {
        StringBuilder digits = new StringBuilder();
        text.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        return digits.toString();
    }
}
