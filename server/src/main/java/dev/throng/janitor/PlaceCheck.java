package dev.throng.janitor;

import java.util.List;

/**
 * The result at one place.
 *
 * @param found tokens, by their position in the list, from 1
 * @param failure why the check could not be completed; "" when it was
 */
public record PlaceCheck(
    String place, long lookedAt, String unit, List<Integer> found, String failure) {}
