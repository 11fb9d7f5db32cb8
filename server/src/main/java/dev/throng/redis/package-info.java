/**
 * What replicas share through Redis: finished answers, flights under way, records of event streams,
 * slots, and rates.
 */
@NullMarked
package dev.throng.redis;

import org.jspecify.annotations.NullMarked;
