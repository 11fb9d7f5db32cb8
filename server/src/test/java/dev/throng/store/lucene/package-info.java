/** When files of indexes are open. */
@NullMarked
package dev.throng.store.lucene;

import org.jspecify.annotations.NullMarked;
