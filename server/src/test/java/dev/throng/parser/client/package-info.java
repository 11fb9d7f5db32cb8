/** Tests of parsing in a separate process. */
@NullMarked
package dev.throng.parser.client;

import org.jspecify.annotations.NullMarked;
