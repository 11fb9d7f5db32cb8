/** Tests of the wiring and of process signals. */
@NullMarked
package dev.throng.app;

import org.jspecify.annotations.NullMarked;
