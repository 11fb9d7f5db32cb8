package dev.throng.parser.worker;

/** What belongs to a line of reStructuredText because it is indented further. */
abstract class IndentedBlock implements RstBlock {
  private final int outer;

  /**
   * @param outer how far the line that announces it is indented
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

  /** Takes a line of it, or a blank one. */
  abstract void add(String line);
}
