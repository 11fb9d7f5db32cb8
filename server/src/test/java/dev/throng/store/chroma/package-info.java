/** How searches gather to batches. */
@NullMarked
package dev.throng.store.chroma;

import org.jspecify.annotations.NullMarked;
