package dev.throng.admission;

import java.time.Duration;

/**
 * Where a request stands in a queue.
 *
 * @param position from 1: how many permits are given out until it has one, were nobody else to come
 * @param estimatedWait from how long the work took lately
 */
public record Place(int position, Duration estimatedWait) {}
