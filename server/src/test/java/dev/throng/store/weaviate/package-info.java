/** Tests of names and queries of the Weaviate store; the rest is tested on real nodes, in it. */
@NullMarked
package dev.throng.store.weaviate;

import org.jspecify.annotations.NullMarked;
