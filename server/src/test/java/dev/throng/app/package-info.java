/** Tests of what a process does by itself. */
@NullMarked
package dev.throng.app;

import org.jspecify.annotations.NullMarked;
