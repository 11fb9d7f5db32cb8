/**
 * What replicas share through Redis: finished answers, flights under way, who was cut off, slots,
 * and rates.
 */
@NullMarked
package dev.throng.redis;

import org.jspecify.annotations.NullMarked;
