/** Tests of the shared cache tier on a real Redis. */
@NullMarked
package dev.throng.redis;

import org.jspecify.annotations.NullMarked;
