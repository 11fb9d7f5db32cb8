/** What replicas share through Redis: finished answers, flights under way, and who was cut off. */
@NullMarked
package dev.throng.redis;

import org.jspecify.annotations.NullMarked;
