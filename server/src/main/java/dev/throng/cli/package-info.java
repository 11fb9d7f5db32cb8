/** The commands. Each talks to a running server, or opens a data folder itself. */
@NullMarked
package dev.throng.cli;

import org.jspecify.annotations.NullMarked;
