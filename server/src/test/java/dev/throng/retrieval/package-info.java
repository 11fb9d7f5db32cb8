/** Tests of retrieval. */
@NullMarked
package dev.throng.retrieval;

import org.jspecify.annotations.NullMarked;
