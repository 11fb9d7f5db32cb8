package dev.throng.flight;

import dev.throng.core.Answer.FinishReason;
import dev.throng.core.TokenCount;
import java.util.List;

/**
 * The successful end of a generation.
 *
 * @param tokens tokens of the generation
 * @param seams positions at which another backend or replica continued, in characters of raw text
 */
public record FlightEnd(FinishReason finishReason, TokenCount tokens, List<Integer> seams) {}
