@NullMarked
package dev.throng.flight;

import org.jspecify.annotations.NullMarked;
