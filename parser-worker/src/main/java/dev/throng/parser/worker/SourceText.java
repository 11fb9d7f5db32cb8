package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings and programs. Lines keep their ends and indents. Blank lines separate blocks, and the
 * sections of settings, such as {@code [mirror]}, are headings.
 */
final class SourceText {
  private static final Pattern SECTION = Pattern.compile("\\[\\[?([^\\[\\]]{1,200})\\]\\]?");

  private final TextBuilder text;
  private final StringBuilder block = new StringBuilder();

  private SourceText(TextBuilder text) {
    this.text = text;
  }

  /** Reads to the end, with little memory however long a block is. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    SourceText source = new SourceText(text);
    TextLines.each(in, source::line);
    source.endBlock();
  }

  private void line(String line) {
    Matcher section = SECTION.matcher(line);
    if (line.isBlank()) {
      endBlock();
    } else if (section.matches()) {
      endBlock();
      text.heading(2, section.group(1));
    } else {
      if (block.length() + line.length() > TextBuilder.MAX_BLOCK_CHARS) {
        endBlock();
      }
      block.append(line).append('\n');
    }
  }

  private void endBlock() {
    text.code(block.toString());
    block.setLength(0);
  }
}
