package dev.throng.parser.worker.pdf;

/** A paragraph or a table. */
sealed interface FlowPart permits Paragraph, Item.Table {}
