/**
 * Many backends used as one: which gets a generation, which cool down, what happens when one fails.
 *
 * <p>{@link dev.throng.backend.pool.PoolState} decides, without IO; {@link
 * dev.throng.backend.pool.BackendPool} is the blocking shell around it.
 */
@NullMarked
package dev.throng.backend.pool;

import org.jspecify.annotations.NullMarked;
