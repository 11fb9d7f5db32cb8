/** Metrics and logs. */
@NullMarked
package dev.throng.observe;

import org.jspecify.annotations.NullMarked;
