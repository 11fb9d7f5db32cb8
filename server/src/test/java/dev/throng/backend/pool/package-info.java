/** Tests of the pool's single decisions; the simulation tests the pool as a whole. */
@NullMarked
package dev.throng.backend.pool;

import org.jspecify.annotations.NullMarked;
