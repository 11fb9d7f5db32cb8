/** Reads the text of PDFs from the positions of its glyphs. */
@NullMarked
package dev.throng.parser.worker.pdf;

import org.jspecify.annotations.NullMarked;
