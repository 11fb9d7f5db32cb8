package dev.throng.parser.worker;

/** Lines of {@code name: value}, gathered into blocks that keep their line ends. */
final class Lines {
  /** A block of at least this length is ended at the next opportunity. */
  private static final int BLOCK_CHARS = 1_500;

  private final StringBuilder lines = new StringBuilder();
  private final TextBuilder text;

  Lines(TextBuilder text) {
    this.text = text;
  }

  void add(String name, String value) {
    if (!value.isBlank()) {
      lines.append(name).append(name.isEmpty() ? "" : ": ").append(TextBuilder.clean(value));
      lines.append('\n');
      if (lines.length() > TextBuilder.MAX_BLOCK_CHARS) {
        end();
      }
    }
  }

  /** Marks the end of a record, which is a good place to cut. */
  void endOfRecord() {
    if (lines.length() >= BLOCK_CHARS) {
      end();
    }
  }

  void end() {
    text.code(lines.toString());
    lines.setLength(0);
  }
}
