/** Names and queries of the Weaviate store; everything else is tested on real nodes, in it. */
@NullMarked
package dev.throng.store.weaviate;

import org.jspecify.annotations.NullMarked;
