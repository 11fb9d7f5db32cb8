/** Start, wiring and stop: the one place where objects are made. */
@NullMarked
package dev.throng.app;

import org.jspecify.annotations.NullMarked;
