package dev.throng.parser.worker;

/** The lines of reStructuredText that belong to a line because they are indented further. */
abstract class IndentedBlock implements RstBlock {
  private final int outer;

  /**
   * Creates a block.
   *
   * @param outer indentation of the line that announces it
   */
  IndentedBlock(int outer) {
    this.outer = outer;
  }

  @Override
  public final boolean takes(String line) {
    if (!line.isBlank() && TextLines.indent(line) <= outer) {
      return false;
    }
    add(line);
    return true;
  }

  /** Accepts a line of the block, or a blank one. */
  abstract void add(String line);
}
