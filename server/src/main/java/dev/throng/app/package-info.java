/** Startup, wiring and shutdown: the one place where components are created and connected. */
@NullMarked
package dev.throng.app;

import org.jspecify.annotations.NullMarked;
