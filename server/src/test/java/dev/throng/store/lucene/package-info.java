/** Tests of when index files are open. */
@NullMarked
package dev.throng.store.lucene;

import org.jspecify.annotations.NullMarked;
