package dev.throng.flight;

import dev.throng.core.Answer.FinishReason;
import java.util.List;

/**
 * The successful end of a generation.
 *
 * @param tokens number of tokens generated, or 0 when unknown
 * @param seams positions at which another backend or replica continued, in characters of raw text
 */
public record FlightEnd(FinishReason finishReason, int tokens, List<Integer> seams) {}
