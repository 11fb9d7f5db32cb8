package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.Piece.Grid;

/** A part of a page in reading order. */
sealed interface Item permits Line, Item.Table {
  /** A table. */
  record Table(Grid grid) implements Item, FlowPart {}
}
