package dev.throng.parser.worker;

/**
 * Code in reStructuredText: the lines that are indented further than the line that announces it.
 */
final class IndentedCode extends IndentedBlock {
  private final TextBuilder text;
  private final StringBuilder code = new StringBuilder();

  /** Whether the blank line was read that separates the code from the directive's options. */
  private boolean isStarted;

  IndentedCode(int outer, TextBuilder text) {
    super(outer);
    this.text = text;
  }

  @Override
  void add(String line) {
    isStarted |= line.isBlank();
    if (isStarted) {
      code.append(line).append('\n');
    }
    if (code.length() > TextBuilder.MAX_BLOCK_CHARS) {
      end();
    }
  }

  @Override
  public void end() {
    // A part of a long block keeps its lines' indentation relative to each other, not to other
    // parts.
    text.code(code.toString().stripTrailing().stripIndent());
    code.setLength(0);
  }
}
