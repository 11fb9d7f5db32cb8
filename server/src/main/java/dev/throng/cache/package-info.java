/** Finished answers, and the work in progress that equal questions share. State without I/O. */
@NullMarked
package dev.throng.cache;

import org.jspecify.annotations.NullMarked;
