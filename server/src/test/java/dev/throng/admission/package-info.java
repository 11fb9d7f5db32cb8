/** Tests of admission. */
@NullMarked
package dev.throng.admission;

import org.jspecify.annotations.NullMarked;
