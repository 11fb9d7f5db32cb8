/** Tests of the evaluation's figures. */
@NullMarked
package dev.throng.eval;

import org.jspecify.annotations.NullMarked;
