package dev.throng.ingest.parse;

import dev.throng.ingest.parse.Block.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects blocks as a parser meets them. Blanks inside a block are collapsed, blank blocks are
 * dropped.
 */
final class TextBuilder {
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  /** Characters that carry no text: controls, soft hyphen, zero-width marks, byte order mark. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r]]|[\\u00ad\\u200b\\u2060\\ufeff\\ufffe\\uffff]");

  private final StringBuilder text = new StringBuilder();
  private final List<Block> blocks = new ArrayList<>();
  private final int maxChars;
  private @Nullable String title;
  private int page;

  /**
   * @param maxChars text beyond it is left out
   */
  TextBuilder(int maxChars) {
    this.maxChars = maxChars;
  }

  void title(@Nullable String title) {
    if (title != null && !clean(title).isEmpty()) {
      this.title = clean(title);
    }
  }

  boolean hasTitle() {
    return title != null;
  }

  void page(int number) {
    this.page = number;
  }

  void heading(int level, String content) {
    add(Kind.HEADING, level, clean(content), "\n\n");
  }

  void paragraph(String content) {
    add(Kind.PARAGRAPH, 0, clean(content), "\n\n");
  }

  void listItem(String content) {
    String item = clean(content);
    add(
        Kind.LIST_ITEM,
        0,
        item.isEmpty() ? "" : "- " + item,
        previousIs(Kind.LIST_ITEM) ? "\n" : "\n\n");
  }

  void tableRow(List<String> cells, boolean isHeader) {
    List<String> cleaned = cells.stream().map(TextBuilder::clean).toList();
    if (cleaned.stream().allMatch(String::isEmpty)) {
      return;
    }
    boolean startsTable =
        isHeader || !(previousIs(Kind.TABLE_ROW) || previousIs(Kind.TABLE_HEADER));
    add(
        isHeader ? Kind.TABLE_HEADER : Kind.TABLE_ROW,
        0,
        "| " + String.join(" | ", cleaned) + " |",
        startsTable ? "\n\n" : "\n");
  }

  /** Text whose line ends mean something. */
  void code(String content) {
    add(Kind.CODE, 0, INVISIBLE.matcher(content).replaceAll("").strip(), "\n\n");
  }

  ParsedDocument build() {
    String name = title;
    if (name == null) {
      name =
          blocks.stream()
              .filter(block -> block.kind() == Kind.HEADING)
              .findFirst()
              .map(block -> text.substring(block.start(), block.end()))
              .orElse(null);
    }
    return new ParsedDocument(name, text.toString(), List.copyOf(blocks));
  }

  private boolean previousIs(Kind kind) {
    return !blocks.isEmpty() && blocks.getLast().kind() == kind;
  }

  private void add(Kind kind, int level, String content, String separator) {
    int start = text.isEmpty() ? 0 : text.length() + separator.length();
    int room = Math.min(content.length(), maxChars - start);
    if (room <= 0) {
      return;
    }
    if (Character.isHighSurrogate(content.charAt(room - 1))) {
      room--; // never half a character
    }
    if (!text.isEmpty()) {
      text.append(separator);
    }
    text.append(content, 0, room);
    blocks.add(new Block(kind, level, page, start, text.length()));
  }

  private static String clean(String content) {
    String visible = INVISIBLE.matcher(content).replaceAll("");
    return BLANKS.matcher(visible).replaceAll(" ").strip();
  }
}
