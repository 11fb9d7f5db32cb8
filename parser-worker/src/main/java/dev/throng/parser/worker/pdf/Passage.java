package dev.throng.parser.worker.pdf;

/** A paragraph or a table. */
sealed interface Passage permits Paragraph, Item.Table {}
