/** Tests of parsing in a process of its own. */
@NullMarked
package dev.throng.parser.client;

import org.jspecify.annotations.NullMarked;
