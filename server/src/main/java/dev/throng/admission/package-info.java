/** Which requests may generate now, wait, or are refused. */
@NullMarked
package dev.throng.admission;

import org.jspecify.annotations.NullMarked;
