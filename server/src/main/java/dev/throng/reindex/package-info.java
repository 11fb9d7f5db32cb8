/** Builds the next index of a collection beside the live one and switches to it. */
@NullMarked
package dev.throng.reindex;

import org.jspecify.annotations.NullMarked;
