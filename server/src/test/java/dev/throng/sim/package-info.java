/**
 * A seeded, single-threaded simulation of the answer path's state machines on a virtual clock, with
 * faults, and checkers after every step. The seed of a run replays every failure that it found.
 */
@NullMarked
package dev.throng.sim;

import org.jspecify.annotations.NullMarked;
