/** Removes for good what belongs to documents that are gone, and looks whether it is. */
@NullMarked
package dev.throng.purge;

import org.jspecify.annotations.NullMarked;
