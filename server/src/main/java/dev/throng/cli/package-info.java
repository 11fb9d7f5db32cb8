/** The commands. Each calls a running server or opens a data folder itself. */
@NullMarked
package dev.throng.cli;

import org.jspecify.annotations.NullMarked;
