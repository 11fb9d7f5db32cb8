package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * reStructuredText: headings are underlined, tables are drawn or written as directives, and code is
 * indented. Its other markup is readable as it is.
 */
final class Rst {
  private static final Pattern UNDERLINE = Pattern.compile("([=\\-~^\"'`#*+.:_])\\1{2,}\\s*");
  private static final Pattern DIRECTIVE = Pattern.compile("\\s*\\.\\. ([a-zA-Z-]+):: *(.*)");

  private final TextBuilder text;
  private final Prose prose;
  private final List<Character> underlines = new ArrayList<>();
  private @Nullable RstBlock block;

  /** The previous line, which is held back because the next line shows whether it is a heading. */
  private @Nullable String before;

  private Rst(TextBuilder text) {
    this.text = text;
    this.prose = new Prose(text);
  }

  /** Reads to the end, with little memory. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    Rst rst = new Rst(text);
    TextLines.each(in, rst::line);
    rst.endBlock();
    rst.emitPrevious();
    rst.prose.end();
  }

  private void line(String line) {
    if (block != null && block.takes(line)) {
      return;
    }
    endBlock();
    String held = before;
    if (held != null && isHeading(held, line)) {
      prose.end();
      text.heading(levelOf(line.charAt(0)), held);
      before = null;
      return;
    }
    emitPrevious();
    block = blockOf(line);
    before = block == null ? line : null;
  }

  private void endBlock() {
    if (block != null) {
      block.end();
      block = null;
    }
  }

  private void emitPrevious() {
    String held = before;
    before = null;
    if (held != null && !isUnderline(held)) {
      prose.line(held);
    }
  }

  /** Returns the block that a line begins, or null when it is running text. */
  private @Nullable RstBlock blockOf(String line) {
    Matcher directive = DIRECTIVE.matcher(line);
    RstBlock started = null;
    if (directive.matches()) {
      started = blockOf(directive.group(1), directive.group(2), TextLines.indent(line));
    } else if (prose.isEmpty() && GridTable.isBorder(line)) {
      started = new GridTable(line, text);
    } else if (prose.isEmpty() && SimpleTable.isBorder(line)) {
      started = new SimpleTable(line, text);
    } else if (line.endsWith("::")) {
      prose.line(line.substring(0, line.length() - (line.strip().equals("::") ? 2 : 1)));
      started = new IndentedCode(TextLines.indent(line), text);
    }
    if (started != null) {
      prose.end();
    }
    return started;
  }

  private @Nullable RstBlock blockOf(String directive, String argument, int indent) {
    RstBlock started =
        switch (directive) {
          case "code", "code-block", "sourcecode", "parsed-literal" ->
              new IndentedCode(indent, text);
          case "list-table" -> new ListTable(indent, text);
          case "csv-table" -> new CsvTable(indent, text);
          default -> null;
        };
    if (directive.endsWith("-table")) {
      prose.end();
      text.paragraph(argument);
    }
    return started;
  }

  private static boolean isUnderline(String line) {
    return UNDERLINE.matcher(line).matches();
  }

  private static boolean isHeading(String words, String below) {
    return isUnderline(below)
        && !words.isBlank()
        && !isUnderline(words)
        && below.length() >= Math.min(words.strip().length(), 3)
        && words.length() <= below.length() + 5;
  }

  /**
   * Returns the level of a heading. Levels are in the order in which their characters first occur.
   */
  private int levelOf(char underline) {
    if (!underlines.contains(underline)) {
      underlines.add(underline);
    }
    return Math.min(6, underlines.indexOf(underline) + 1);
  }
}
