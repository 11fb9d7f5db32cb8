/** From a parsed document to published chunks: cutting, embedding, writing, publishing. */
@NullMarked
package dev.throng.index;

import org.jspecify.annotations.NullMarked;
