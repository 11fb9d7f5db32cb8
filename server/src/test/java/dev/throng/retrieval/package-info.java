/** Tests of finding passages. */
@NullMarked
package dev.throng.retrieval;

import org.jspecify.annotations.NullMarked;
