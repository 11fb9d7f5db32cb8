/** Tests of the answer cache. */
@NullMarked
package dev.throng.cache;

import org.jspecify.annotations.NullMarked;
