/** Startup, wiring and shutdown: the one place where objects are created. */
@NullMarked
package dev.throng.app;

import org.jspecify.annotations.NullMarked;
