/** Tests of the core values and of the platform pool. */
@NullMarked
package dev.throng.core;

import org.jspecify.annotations.NullMarked;
