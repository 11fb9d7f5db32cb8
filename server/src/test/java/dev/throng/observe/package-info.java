/** Tests of metrics. */
@NullMarked
package dev.throng.observe;

import org.jspecify.annotations.NullMarked;
