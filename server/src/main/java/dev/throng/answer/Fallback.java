package dev.throng.answer;

import dev.throng.backend.Generator;
import dev.throng.config.Rung;
import java.util.List;

/**
 * What a request gets when no generation is possible.
 *
 * @param rungs in the order in which they are tried
 * @param quoting generates answers from quotations, found by words only
 */
public record Fallback(List<Rung> rungs, Generator quoting) {}
