/** Real threads against the blocking shells of the state machines, a few seconds at most. */
@NullMarked
package dev.throng.stress;

import org.jspecify.annotations.NullMarked;
