/** Who may generate now, who waits, who is refused. */
@NullMarked
package dev.throng.admission;

import org.jspecify.annotations.NullMarked;
