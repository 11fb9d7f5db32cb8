package dev.throng.parser.worker;

import java.util.List;

/** Receives the rows of a table's grid, in order. */
interface RowSink {
  /** Adds a row, which may be empty or blank. */
  void row(List<TableCell> cells);

  void end();
}
