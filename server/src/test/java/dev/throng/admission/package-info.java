/** Tests of the admission room. */
@NullMarked
package dev.throng.admission;

import org.jspecify.annotations.NullMarked;
