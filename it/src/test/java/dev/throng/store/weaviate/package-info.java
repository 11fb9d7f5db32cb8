/** Tests of the Weaviate store, on real nodes. */
@NullMarked
package dev.throng.store.weaviate;

import org.jspecify.annotations.NullMarked;
