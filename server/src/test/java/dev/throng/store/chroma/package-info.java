/** Tests of how searches are gathered into batches. */
@NullMarked
package dev.throng.store.chroma;

import org.jspecify.annotations.NullMarked;
