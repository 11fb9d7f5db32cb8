@NullMarked
package dev.throng.purge;

import org.jspecify.annotations.NullMarked;
