/** The parser's process: documents of many formats become blocks of text. */
@NullMarked
package dev.throng.parser.worker;

import org.jspecify.annotations.NullMarked;
