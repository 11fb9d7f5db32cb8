package dev.throng.ingest.parse;

/** Code of reStructuredText: the lines that are indented further than the one that announces it. */
final class IndentedCode implements Rst.Block {
  private final int outer;
  private final TextBuilder text;
  private final StringBuilder code = new StringBuilder();

  /** A blank line parts it from the directive's options. */
  private boolean isBegun;

  /**
   * @param outer how far the line that announces it is indented
   */
  IndentedCode(int outer, TextBuilder text) {
    this.outer = outer;
    this.text = text;
  }

  @Override
  public boolean takes(String line) {
    if (!line.isBlank() && TextLines.indent(line) <= outer) {
      return false;
    }
    isBegun |= line.isBlank();
    if (isBegun) {
      code.append(line).append('\n');
    }
    if (code.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
    return true;
  }

  @Override
  public void end() {
    text.code(code.toString().stripTrailing().stripIndent());
    code.setLength(0);
  }
}
