/** The pool's decisions, one by one; the whole of them is in the simulation. */
@NullMarked
package dev.throng.backend.pool;

import org.jspecify.annotations.NullMarked;
