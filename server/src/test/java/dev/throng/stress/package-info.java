/** Tests with real threads for the blocking parts around the state machines, a few seconds each. */
@NullMarked
package dev.throng.stress;

import org.jspecify.annotations.NullMarked;
