/** Tests of chunking, writing and publishing. */
@NullMarked
package dev.throng.index;

import org.jspecify.annotations.NullMarked;
