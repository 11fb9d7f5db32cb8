/**
 * A seeded, single-threaded simulation of the answer path's state machines on a virtual clock, with
 * faults, and checkers after every step. Whatever it finds, its seed replays.
 */
@NullMarked
package dev.throng.sim;

import org.jspecify.annotations.NullMarked;
