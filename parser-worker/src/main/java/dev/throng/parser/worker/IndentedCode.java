package dev.throng.parser.worker;

/** Code of reStructuredText: the lines that are indented further than the one that announces it. */
final class IndentedCode extends IndentedBlock {
  private final TextBuilder text;
  private final StringBuilder code = new StringBuilder();

  /** A blank line parts it from the directive's options. */
  private boolean isBegun;

  IndentedCode(int outer, TextBuilder text) {
    super(outer);
    this.text = text;
  }

  @Override
  void add(String line) {
    isBegun |= line.isBlank();
    if (isBegun) {
      code.append(line).append('\n');
    }
    if (code.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
  }

  @Override
  public void end() {
    text.code(code.toString().stripTrailing().stripIndent());
    code.setLength(0);
  }
}
