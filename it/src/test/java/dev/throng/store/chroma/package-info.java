/** Tests of the store in a real Chroma. */
@NullMarked
package dev.throng.store.chroma;

import org.jspecify.annotations.NullMarked;
