package io.prefstream.ingest.domain;

import java.util.Locale;

/** Why a row was refused. The {@link #id()} is written to verdicts and never changes. */
public enum Rule {
    NOT_JSON,
    NOT_UTF8,
    NOT_CSV,
    NO_SUCH_FIELD,
    WRONG_TYPE,
    EMPTY_ANSWER,
    IDENTICAL_ANSWERS,
    NO_FINAL_USER_TURN,
    NO_FINAL_ANSWER,
    DIVERGES_EARLY,
    PROMPT_MISMATCH,
    TOO_LARGE,
    LONE_SURROGATE,
    NUL_CHARACTER,
    DUPLICATE_KEY,
    TOO_DEEP,
    UNKNOWN_ROLE,
    UNSUPPORTED_CONTENT,
    TIE,
    UNKNOWN_VERDICT;

    /** Stable name in lower case and hyphens, such as {@code not-json}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
