package io.prefstream.models.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Python's {@code strftime}, in English. */
final class Dates {

    private static final Map<Character, String> FORMS = Map.ofEntries(
            Map.entry('d', "dd"),
            Map.entry('m', "MM"),
            Map.entry('Y', "uuuu"),
            Map.entry('y', "uu"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"));

    private Dates() {}

    static String format(LocalDateTime time, String format, Work work) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            char letter = ++i < format.length() ? format.charAt(i) : '%';
            String form = FORMS.get(letter);
            String name = switch (letter) {
                case 'a', 'A' -> Casing.capitalized(time.getDayOfWeek().name());
                case 'b', 'B' -> Casing.capitalized(time.getMonth().name());
                default -> "";
            };
            if (!name.isEmpty()) {
                out.append(Character.isLowerCase(letter) ? name.substring(0, 3) : name);
            } else if (form != null) {
                out.append(DateTimeFormatter.ofPattern(form, Locale.ROOT).format(time));
            } else if (letter == '%') {
                out.append('%');
            } else {
                throw work.fault("%" + letter + " of strftime_now is not supported");
            }
        }
        return out.toString();
    }
}
