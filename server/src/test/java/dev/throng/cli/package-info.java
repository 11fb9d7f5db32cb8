@NullMarked
package dev.throng.cli;

import org.jspecify.annotations.NullMarked;
