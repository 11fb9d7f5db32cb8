package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Org: headings begin with stars, table rows with a vertical bar, and code is in blocks. */
final class Org {
  private static final Pattern STARS = Pattern.compile("(\\*{1,20}) +(\\S.*)");
  private static final Pattern TITLE = keyword("#\\+title:\\s*(\\S.*)");
  private static final Pattern SETTING =
      keyword("\\s*#\\+(?:[a-z_]+(?:\\[.*])?:.*|(?:begin|end)_.*)");
  private static final Pattern CODE = keyword("\\s*#\\+begin_(?:src|example)\\b.*");
  private static final Pattern CODE_END = keyword("\\s*#\\+end_(?:src|example)\\b.*");
  private static final Pattern ROW = Pattern.compile("\\s*\\|.*");
  private static final Pattern RULE = Pattern.compile("\\s*\\|[-+|\\s]*");

  private final TextBuilder text;
  private final Prose prose;
  private final StringBuilder code = new StringBuilder();
  private boolean isCode;

  /** The previous row. The first one is a header if a rule follows it. */
  private @Nullable String held;

  private boolean hasRows;

  private Org(TextBuilder text) {
    this.text = text;
    this.prose = new Prose(text);
  }

  /** Reads to the end, with little memory. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    Org org = new Org(text);
    TextLines.each(in, org::line);
    org.emitCode();
    org.endTable();
    org.prose.end();
  }

  private void line(String line) {
    if (isCode) {
      codeLine(line);
    } else if (ROW.matcher(line).matches()) {
      prose.end();
      row(line);
    } else {
      endTable();
      otherLine(line);
    }
  }

  private void otherLine(String line) {
    Matcher stars = STARS.matcher(line);
    Matcher title = TITLE.matcher(line);
    if (stars.matches()) {
      prose.end();
      text.heading(Math.min(6, stars.group(1).length()), stars.group(2));
    } else if (title.matches()) {
      text.title(title.group(1));
    } else if (CODE.matcher(line).matches()) {
      prose.end();
      isCode = true;
    } else if (!SETTING.matcher(line).matches()) {
      prose.line(line);
    }
  }

  private void codeLine(String line) {
    if (CODE_END.matcher(line).matches()) {
      emitCode();
      isCode = false;
      return;
    }
    code.append(line).append('\n');
    if (code.length() > TextBuilder.MAX_BLOCK_CHARS) {
      emitCode();
    }
  }

  private void emitCode() {
    text.code(code.toString());
    code.setLength(0);
  }

  private void row(String line) {
    boolean isRule = RULE.matcher(line).matches();
    emitHeldRow(isRule && !hasRows);
    held = isRule ? null : line.strip();
  }

  private void emitHeldRow(boolean isHeader) {
    String row = held;
    if (row == null) {
      return;
    }
    String cells =
        row.substring(1, row.endsWith("|") ? Math.max(1, row.length() - 1) : row.length());
    text.tableRow(List.of(cells.split("\\|", -1)), isHeader);
    hasRows = true;
  }

  private void endTable() {
    emitHeldRow(false);
    held = null;
    hasRows = false;
  }

  private static Pattern keyword(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }
}
