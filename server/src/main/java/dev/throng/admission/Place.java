package dev.throng.admission;

import java.time.Duration;

/**
 * The place of a request in a queue.
 *
 * @param position from 1: the number of permits that are issued until the request has one, if no
 *     others arrive
 * @param estimatedWait estimated from recent service times
 */
public record Place(int position, Duration estimatedWait) {}
