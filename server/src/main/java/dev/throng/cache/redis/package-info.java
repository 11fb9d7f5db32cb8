/** The cache tier that replicas share, in Redis. */
@NullMarked
package dev.throng.cache.redis;

import org.jspecify.annotations.NullMarked;
