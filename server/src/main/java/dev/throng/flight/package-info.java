/**
 * What all who ask the same question share while it is answered: one flight, its text, and the
 * streams that can be resumed.
 */
@NullMarked
package dev.throng.flight;

import org.jspecify.annotations.NullMarked;
