/** What the server and the parser's process exchange: requests, blocks of text, failures. */
@NullMarked
package dev.throng.parser.api;

import org.jspecify.annotations.NullMarked;
