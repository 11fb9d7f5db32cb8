/** Starts, feeds and watches the processes that parse documents. */
@NullMarked
package dev.throng.parser.client;

import org.jspecify.annotations.NullMarked;
