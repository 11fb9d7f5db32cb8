/** The formats of what replicas store in Redis: bounded, versioned, and checked when read. */
@NullMarked
package dev.throng.redis.wire;

import org.jspecify.annotations.NullMarked;
