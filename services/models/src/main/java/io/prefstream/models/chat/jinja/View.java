package io.prefstream.models.chat.jinja;

import java.util.List;

/** Keys, values or items of a dict: to be looped over, not printed and without places. */
record View(List<Object> items) {}
