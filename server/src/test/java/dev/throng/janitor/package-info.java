/** Tests of purges. */
@NullMarked
package dev.throng.janitor;

import org.jspecify.annotations.NullMarked;
