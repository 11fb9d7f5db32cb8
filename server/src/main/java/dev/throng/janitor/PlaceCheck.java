package dev.throng.janitor;

import java.util.List;

/**
 * What was found at one place.
 *
 * @param found tokens, by their place in the list, from 1
 * @param failure why it could not be looked at to the end; "" when it could
 */
public record PlaceCheck(
    String place, long lookedAt, String unit, List<Integer> found, String failure) {}
