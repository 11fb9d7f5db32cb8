/**
 * Several backends used as one: which backend gets a generation, which ones cool down, and what
 * happens when one fails.
 *
 * <p>{@link dev.throng.backend.pool.PoolState} decides, without I/O. {@link
 * dev.throng.backend.pool.BackendPool} is the blocking layer around it.
 */
@NullMarked
package dev.throng.backend.pool;

import org.jspecify.annotations.NullMarked;
