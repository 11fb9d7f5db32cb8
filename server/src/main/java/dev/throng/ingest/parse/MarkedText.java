package dev.throng.ingest.parse;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * reStructuredText and Org: plain text whose headings are underlined, or begin with stars. Their
 * other markup is as readable as it stands.
 */
final class MarkedText {
  private static final Pattern UNDERLINE = Pattern.compile("([=\\-~^\"'`#*+.:_])\\1{2,}\\s*");
  private static final Pattern STARS = Pattern.compile("(\\*{1,20}) +(\\S.*)");
  private static final Pattern ORG_TITLE =
      Pattern.compile("#\\+title:\\s*(\\S.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ORG_SETTING =
      Pattern.compile("#\\+[a-zA-Z_]+(\\[.*])?:.*|#\\+(?:begin|end)_.*", Pattern.CASE_INSENSITIVE);

  private final StringBuilder paragraph = new StringBuilder();
  private final List<String> underlines = new ArrayList<>();
  private final TextBuilder text;
  private final boolean isOrg;
  private @Nullable String before;

  private MarkedText(boolean isOrg, TextBuilder text) {
    this.isOrg = isOrg;
    this.text = text;
  }

  static void parse(Reader in, boolean isOrg, TextBuilder text) throws IOException {
    MarkedText marked = new MarkedText(isOrg, text);
    StringBuilder line = new StringBuilder();
    char[] buffer = new char[1 << 15];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      for (int i = 0; i < length; i++) {
        boolean isLong = line.length() >= TextBuilder.MAX_BLOCK_CHARS;
        if (buffer[i] == '\n' || isLong) {
          marked.line(line.toString().stripTrailing());
          line.setLength(0);
        }
        if (buffer[i] != '\n') {
          line.append(buffer[i]);
        }
      }
    }
    marked.line(line.toString());
    marked.line("");
    marked.endParagraph();
  }

  private void line(String line) {
    if (isOrg) {
      orgLine(line);
    } else {
      rstLine(line);
    }
  }

  private void orgLine(String line) {
    Matcher stars = STARS.matcher(line);
    Matcher title = ORG_TITLE.matcher(line);
    if (stars.matches()) {
      endParagraph();
      text.heading(Math.min(6, stars.group(1).length()), stars.group(2));
    } else if (title.matches()) {
      text.title(title.group(1));
    } else if (!ORG_SETTING.matcher(line).matches()) {
      proseLine(line);
    }
  }

  /** Held back by one, because the line below says whether it is a heading. */
  private void rstLine(String line) {
    String held = before;
    boolean isUnderline =
        held != null
            && UNDERLINE.matcher(line).matches()
            && !held.isBlank()
            && !UNDERLINE.matcher(held).matches()
            && line.length() >= Math.min(held.strip().length(), 3)
            && held.length() <= line.length() + 5;
    if (isUnderline && held != null) {
      endParagraph();
      text.heading(levelOf(line.charAt(0)), held);
      before = null;
      return;
    }
    if (held != null && !UNDERLINE.matcher(held).matches()) {
      proseLine(held);
    }
    before = line;
  }

  /** Levels are in the order in which their characters are met. */
  private int levelOf(char underline) {
    String mark = String.valueOf(underline);
    if (!underlines.contains(mark)) {
      underlines.add(mark);
    }
    return Math.min(6, underlines.indexOf(mark) + 1);
  }

  private void proseLine(String line) {
    if (line.isBlank()) {
      endParagraph();
      return;
    }
    paragraph.append(line).append('\n');
    if (paragraph.length() > TextBuilder.MAX_BLOCK_CHARS) {
      endParagraph();
    }
  }

  private void endParagraph() {
    text.paragraph(paragraph.toString());
    paragraph.setLength(0);
  }
}
