/**
 * One abstract test for each interface with several implementations; each implementation passes it.
 */
@NullMarked
package dev.throng.contract;

import org.jspecify.annotations.NullMarked;
