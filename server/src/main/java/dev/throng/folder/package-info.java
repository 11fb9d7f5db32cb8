/** Keeps collections equal to folders on this machine. */
@NullMarked
package dev.throng.folder;

import org.jspecify.annotations.NullMarked;
