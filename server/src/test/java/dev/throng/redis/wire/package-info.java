@NullMarked
package dev.throng.redis.wire;

import org.jspecify.annotations.NullMarked;
