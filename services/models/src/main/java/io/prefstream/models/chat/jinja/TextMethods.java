package io.prefstream.models.chat.jinja;

import io.prefstream.models.chat.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Methods of texts, which do what they do in Python. */
final class TextMethods {

    static final Set<String> NAMES = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "startswith",
            "endswith",
            "replace",
            "upper",
            "lower",
            "title",
            "capitalize",
            "find",
            "rfind",
            "count",
            "join",
            "removeprefix",
            "removesuffix",
            "isdigit",
            "isspace");

    /** Those that make no text. */
    private static final Set<String> LOOKING =
            Set.of("startswith", "endswith", "find", "rfind", "count", "isdigit", "isspace");

    private TextMethods() {}

    static Object call(String text, String method, Arguments given, Work work) {
        if (LOOKING.contains(method)) {
            work.read(text.length());
        } else {
            work.characters(text.length());
        }
        return switch (method) {
            case "strip", "lstrip", "rstrip" -> strip(text, method, given.bind(work, method, "chars"), work);
            case "split" -> split(text, false, given.bind(work, method, "sep", "maxsplit"), work);
            case "rsplit" -> split(text, true, given.bind(work, method, "sep", "maxsplit"), work);
            case "startswith", "endswith" -> hasEnd(text, method, given.bind(work, method, "prefix"), work);
            case "replace" -> replace(text, given.bind(work, method, "old", "new", "count"), work);
            case "find", "rfind", "count" -> find(text, method, given.bind(work, method, "sub"), work);
            case "join" ->
                join(text, Values.items(given.bind(work, method, "iterable").need(0, work), work), work);
            case "removeprefix", "removesuffix" -> remove(text, method, given.bind(work, method, "part"), work);
            default -> plain(text, method, given.bind(work, method), work);
        };
    }

    private static Object plain(String text, String method, Bound none, Work work) {
        return switch (method) {
            case "upper" -> Casing.upper(text);
            case "lower" -> Casing.lower(text);
            case "title" -> Casing.titled(text);
            case "capitalize" -> Casing.capitalized(text);
            case "splitlines" -> lines(text, work);
            case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "isspace" -> !text.isEmpty() && text.codePoints().allMatch(Text::isBlank);
            default -> throw work.fault("the method " + none.callee() + " is not supported");
        };
    }

    static String strip(String text, String method, Bound given, Work work) {
        if (given.get(0, None.NONE) instanceof None) {
            return strip(text, method, Text::isBlank);
        }
        String chars = given.needText(0, work);
        return strip(text, method, c -> chars.indexOf(c) >= 0);
    }

    private static String strip(String text, String method, IntPredicate goes) {
        String left = method.equals("rstrip") ? text : Text.lstrip(text, goes);
        return method.equals("lstrip") ? left : Text.rstrip(left, goes);
    }

    private static List<Object> split(String text, boolean fromEnd, Bound given, Work work) {
        long wanted = given.number(1, -1, work);
        int most = wanted < 0 ? Integer.MAX_VALUE : (int) Math.min(wanted, Integer.MAX_VALUE);
        if (given.get(0, None.NONE) instanceof None) {
            return words(text, fromEnd, most, work);
        }
        String separator = given.needText(0, work);
        if (separator.isEmpty()) {
            throw work.fault("the separator of split is empty");
        }
        work.places(Math.min(Text.count(text, separator), most) + 1L);
        List<Object> parts = new ArrayList<>();
        int start = 0;
        int end = text.length();
        while (parts.size() < most) {
            int at = fromEnd ? text.lastIndexOf(separator, end - separator.length()) : text.indexOf(separator, start);
            if (at < 0) {
                break;
            }
            parts.add(fromEnd ? text.substring(at + separator.length(), end) : text.substring(start, at));
            start = fromEnd ? start : at + separator.length();
            end = fromEnd ? at : end;
        }
        parts.add(text.substring(start, end));
        return fromEnd ? parts.reversed() : parts;
    }

    /** Parts between blanks; of more than {@code most} + 1 the last, or from the end the first, keeps its blanks. */
    private static List<Object> words(String text, boolean fromEnd, int most, Work work) {
        List<Integer> starts = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            boolean blank = Text.isBlank(text.charAt(i));
            if (!blank && (i == 0 || Text.isBlank(text.charAt(i - 1)))) {
                work.places(1);
                starts.add(i);
            }
            if (!blank && (i + 1 == text.length() || Text.isBlank(text.charAt(i + 1)))) {
                ends.add(i + 1);
            }
        }
        int count = starts.size();
        int whole = count > most ? count - 1 - most : -1;
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (whole < 0 || (fromEnd ? i > whole : i < most)) {
                parts.add(text.substring(starts.get(i), ends.get(i)));
            } else if (fromEnd ? i == whole : i == most) {
                parts.add(fromEnd ? text.substring(0, ends.get(i)) : text.substring(starts.get(i)));
            }
        }
        return parts;
    }

    static List<Object> lines(String text, Work work) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029) {
                work.places(1);
                lines.add(text.substring(start, i));
                i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean hasEnd(String text, String method, Bound given, Work work) {
        List<Object> ends =
                given.need(0, work) instanceof Tuple several ? several.items() : List.of(given.needText(0, work));
        boolean found = false;
        for (Object end : ends) {
            if (!(end instanceof String part)) {
                throw work.fault(method + " takes a text and was given " + Values.kind(end));
            }
            found |= method.equals("startswith") ? text.startsWith(part) : text.endsWith(part);
        }
        return found;
    }

    private static String replace(String text, Bound given, Work work) {
        return replace(text, given.needText(0, work), given.needText(1, work), given.number(2, -1, work), work);
    }

    static String replace(String text, String old, String by, long most, Work work) {
        long found = old.isEmpty() ? Text.length(text) + 1L : Text.count(text, old);
        long replaced = most < 0 ? found : Math.min(most, found);
        work.characters(text.length() + replaced * by.length());
        if (replaced == found && !old.isEmpty()) {
            return text.replace(old, by);
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (long i = 0; i < replaced; i++) {
            int next = old.isEmpty() ? at : text.indexOf(old, at);
            out.append(text, at, next).append(by);
            at = next + old.length();
            if (old.isEmpty() && at < text.length()) {
                int end = text.offsetByCodePoints(at, 1);
                out.append(text, at, end);
                at = end;
            }
        }
        return out.append(text.substring(at)).toString();
    }

    private static Object find(String text, String method, Bound given, Work work) {
        String part = given.needText(0, work);
        if (method.equals("count")) {
            return part.isEmpty() ? Text.length(text) + 1L : (long) Text.count(text, part);
        }
        int at = method.equals("find") ? text.indexOf(part) : text.lastIndexOf(part);
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static String join(String separator, List<Object> items, Work work) {
        List<String> parts = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof String part)) {
                throw work.fault("join takes texts and was given " + Values.kind(item));
            }
            parts.add(part);
        }
        return joined(separator, parts, work);
    }

    static String joined(String separator, List<String> parts, Work work) {
        long length = (long) separator.length() * parts.size();
        for (String part : parts) {
            length += part.length();
        }
        work.characters(length);
        return String.join(separator, parts);
    }

    private static String remove(String text, String method, Bound given, Work work) {
        String part = given.needText(0, work);
        if (method.equals("removeprefix")) {
            return text.startsWith(part) ? text.substring(part.length()) : text;
        }
        return text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
    }
}
