/** The shared cache tier on a real Redis. */
@NullMarked
package dev.throng.cache.redis;

import org.jspecify.annotations.NullMarked;
