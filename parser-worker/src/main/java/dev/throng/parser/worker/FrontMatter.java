package dev.throng.parser.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings that many programs write before Markdown, between lines of {@code ---} (YAML) or
 * {@code +++} (TOML). CommonMark does not know them and would treat them as a heading.
 *
 * @param title the title in the settings; null when there is none
 * @param lines all settings, without the delimiting lines
 * @param rest the Markdown after them
 */
record FrontMatter(@Nullable String title, String lines, String rest) {
  /** A longer block is text between two rules. */
  private static final int MAX_CHARS = 20_000;

  private static final Pattern BLOCK =
      Pattern.compile(
          "\\A\\s{0,10}(?:---|\\+\\+\\+)[ \\t]*\\R(?s:(.*?)\\R)??(?:---|\\.\\.\\.|\\+\\+\\+)[ \\t]*(?:\\R|\\z)");
  private static final Pattern SETTING = Pattern.compile("\\s*[\\w.\"'-]+\\s*[:=].*");
  private static final Pattern TITLE = Pattern.compile("(?m)^title[ \\t]*+[:=][ \\t]*+(\\S.*)$");

  /** Returns the front matter of a text; without lines when there is none. */
  static FrontMatter of(String content) {
    String head = content.substring(0, Math.min(MAX_CHARS, content.length()));
    Matcher block = BLOCK.matcher(head);
    if (!block.lookingAt() || block.group(1) == null) {
      return new FrontMatter(null, "", content);
    }
    String lines = block.group(1);
    String first = lines.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    if (!SETTING.matcher(first).matches()) {
      return new FrontMatter(null, "", content);
    }
    Matcher title = TITLE.matcher(lines);
    return new FrontMatter(
        title.find() ? unquoted(title.group(1).strip()) : null,
        lines,
        content.substring(block.end()));
  }

  private static String unquoted(String value) {
    boolean isQuoted =
        value.length() > 1
            && "\"'".indexOf(value.charAt(0)) >= 0
            && value.endsWith(value.substring(0, 1));
    return isQuoted ? value.substring(1, value.length() - 1) : value;
  }
}
