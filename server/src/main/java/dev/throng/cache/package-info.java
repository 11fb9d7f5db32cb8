/** Finished answers, in this process and, through a seam, in what replicas share. No I/O. */
@NullMarked
package dev.throng.cache;

import org.jspecify.annotations.NullMarked;
