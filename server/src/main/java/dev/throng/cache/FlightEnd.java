package dev.throng.cache;

import dev.throng.core.Answer.FinishReason;
import java.util.List;

/**
 * How a generation ended well.
 *
 * @param tokens made, 0 when unknown
 * @param seams where another backend or replica went on, in characters of raw text
 */
public record FlightEnd(FinishReason finishReason, int tokens, List<Integer> seams) {}
