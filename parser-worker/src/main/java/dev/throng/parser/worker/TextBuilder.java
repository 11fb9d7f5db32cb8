package dev.throng.parser.worker;

import dev.throng.parser.api.BlockSink;
import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.api.ParsedPage;
import dev.throng.parser.api.TextLine;
import java.text.Normalizer;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds blocks from the output of a parser. Blanks inside a block are collapsed, blank blocks are
 * dropped, and long ones are cut.
 */
final class TextBuilder {
  /** A longer block is cut, so that its readers need little memory. */
  static final int MAX_BLOCK_CHARS = 50_000;

  /** With fewer characters per page, and images, a document is a scan with a stamp. */
  static final int MIN_CHARS_PER_PAGE = 10;

  /**
   * Characters that carry no text: control characters, soft hyphen, zero-width marks, byte order
   * mark.
   */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r]]|[\\u00ad\\u200b\\u2060\\ufeff\\ufffe\\uffff]");

  /** Titles that programs write when the author gives none. */
  private static final Pattern PLACEHOLDER_TITLE =
      Pattern.compile(
          "\\(?(?:anonymous|untitled|unnamed|unspecified|unknown)\\)?.{0,3}|powerpoint presentation"
              + "|presentation\\d*|document\\d*|microsoft (?:word|powerpoint|excel) - .*",
          Pattern.CASE_INSENSITIVE);

  private static final int MAX_TITLE_CHARS = 300;

  private final BlockSink sink;
  private final int maxChars;
  private @Nullable String title;
  private @Nullable String firstHeading;
  private @Nullable Kind previous;
  private @Nullable WideTable wideTable;
  private long chars;
  private int page;
  private int lastPage;
  private boolean isInPart;
  private boolean isQuoted;

  /** Numbers of pages with enough text not to be images. */
  private final BitSet fullPages = new BitSet();

  private int pageChars;

  /**
   * Creates a builder.
   *
   * @param maxChars more text is an error
   */
  TextBuilder(int maxChars, BlockSink sink) {
    this.maxChars = maxChars;
    this.sink = sink;
  }

  void title(@Nullable String title) {
    if (title != null
        && !clean(title).isEmpty()
        && !PLACEHOLDER_TITLE.matcher(clean(title)).matches()) {
      this.title = shortened(clean(title));
    }
  }

  boolean hasTitle() {
    return title != null;
  }

  /** Returns the given title, otherwise the first heading, otherwise null. */
  @Nullable String title() {
    return title == null ? firstHeading : title;
  }

  long chars() {
    return chars;
  }

  /** Returns the highest page number so far. */
  int pages() {
    return lastPage;
  }

  /**
   * Returns the pages so far with fewer than the minimum number of characters.
   *
   * @return their numbers, in order
   */
  List<Integer> emptyPages() {
    return IntStream.rangeClosed(1, lastPage)
        .filter(number -> !fullPages.get(number))
        .boxed()
        .toList();
  }

  void page(int number) {
    page(ParsedPage.of(number));
  }

  /** Starts a page. */
  void page(ParsedPage started) {
    endTable();
    this.page = started.number();
    this.pageChars = 0;
    this.lastPage = Math.max(lastPage, started.number());
    sink.page(started);
  }

  /** Marks the blocks from here on as repeated from an earlier text, or no longer. */
  void quoted(boolean isQuoted) {
    endTable();
    this.isQuoted = isQuoted;
  }

  void heading(int level, String content) {
    String words = clean(content);
    if (firstHeading == null && !isInPart && !words.isEmpty()) {
      firstHeading = shortened(words);
    }
    add(Kind.HEADING, level, words);
  }

  /** Starts an embedded document. No heading from here on is the title. */
  void part(String name) {
    isInPart = true;
    heading(2, name);
  }

  void paragraph(String content) {
    add(Kind.PARAGRAPH, 0, clean(content));
  }

  void listItem(String content) {
    listItem("-", content);
  }

  /**
   * Adds an item of a list.
   *
   * @param mark what stands before it, such as {@code 2.} or {@code -}
   */
  void listItem(String mark, String content) {
    String item = clean(content);
    add(Kind.LIST_ITEM, 0, item.isEmpty() ? "" : mark + " " + item);
  }

  /** Adds a line whose end is significant. The next line follows it directly. */
  void line(String content) {
    add(Kind.LINE, 0, INVISIBLE.matcher(content).replaceAll("").stripTrailing());
  }

  /**
   * Adds a block whose lines have positions. Its page is that of its first line.
   *
   * @param content clean already, and at most {@link #MAX_BLOCK_CHARS} long
   */
  void positioned(Kind kind, int level, String content, List<TextLine> lines) {
    if (kind == Kind.HEADING && firstHeading == null && !isInPart) {
      firstHeading = shortened(content);
    }
    endTable();
    ParsedBlock block =
        new ParsedBlock(kind, level, lines.getFirst().page(), content, lines, isQuoted);
    addPiece(block);
    if (content.length() >= MIN_CHARS_PER_PAGE) {
      lines.forEach(line -> fullPages.set(line.page()));
    }
  }

  /** Adds the title of the table whose rows follow. */
  void tableCaption(String content) {
    add(Kind.TABLE_CAPTION, 0, clean(content));
  }

  /**
   * Adds a row of a table. A header ends the rows of the one before it. A wide table is cut by its
   * columns.
   */
  void tableRow(List<String> cells, boolean isHeader) {
    List<String> cleaned = cells.stream().map(TextBuilder::clean).toList();
    if (cleaned.stream().allMatch(String::isEmpty)) {
      return;
    }
    if (isHeader) {
      endTable();
    }
    if (isHeader && WideTable.isWide(cleaned)) {
      wideTable = new WideTable(cleaned, this::addRow);
    } else if (wideTable != null) {
      wideTable.add(cleaned);
    } else {
      addRow(cleaned, isHeader);
    }
  }

  /** Writes the rows of a wide table that are held. Any other block does so, too. */
  void endTable() {
    WideTable ended = wideTable;
    wideTable = null;
    if (ended != null) {
      ended.end();
    }
  }

  private void addRow(List<String> cells, boolean isHeader) {
    addPieces(
        isHeader ? Kind.TABLE_HEADER : Kind.TABLE_ROW, 0, "| " + String.join(" | ", cells) + " |");
  }

  /** Adds text whose line ends are significant. */
  void code(String content) {
    add(Kind.CODE, 0, INVISIBLE.matcher(content).replaceAll("").strip());
  }

  private void add(Kind kind, int level, String content) {
    endTable();
    addPieces(kind, level, content);
  }

  private void addPieces(Kind kind, int level, String content) {
    int from = 0;
    while (content.length() - from > MAX_BLOCK_CHARS) {
      String piece = content.substring(from, from + MAX_BLOCK_CHARS);
      int cut = cut(piece, MAX_BLOCK_CHARS);
      addPiece(kind, level, piece.substring(0, cut));
      from += cut;
    }
    addPiece(kind, level, content.substring(from));
  }

  private void addPiece(Kind kind, int level, String content) {
    String composed = Normalizer.normalize(content, Normalizer.Form.NFC);
    String words = kind == Kind.LINE ? composed.stripTrailing() : composed.strip();
    if (!words.isEmpty()) {
      addPiece(new ParsedBlock(kind, level, page, words, List.of(), isQuoted));
    }
  }

  private void addPiece(ParsedBlock block) {
    chars += ParsedBlock.separator(previous, block.kind()).length() + block.text().length();
    if (chars > maxChars) {
      throw new DocumentException(
          Reason.DOCUMENT_TEXT_TOO_LONG, "more than %d characters of text".formatted(maxChars));
    }
    pageChars += block.text().length();
    if (pageChars >= MIN_CHARS_PER_PAGE) {
      fullPages.set(page);
    }
    sink.add(block);
    previous = block.kind();
  }

  /**
   * Returns where to cut a long text: after a line, otherwise after a sentence, otherwise after a
   * word, all in the last half before the limit; otherwise at the limit, but never inside a
   * character.
   */
  static int cut(CharSequence text, int limit) {
    int sentence = 0;
    int word = 0;
    for (int i = limit; i > limit / 2; i--) {
      char c = text.charAt(i - 1);
      if (c == '\n') {
        return i;
      }
      boolean isBlank = Character.isWhitespace(c);
      if (isBlank && word == 0) {
        word = i;
      }
      if (isBlank && sentence == 0 && ".!?".indexOf(text.charAt(i - 2)) >= 0) {
        sentence = i;
      }
    }
    if (sentence > 0 || word > 0) {
      return sentence > 0 ? sentence : word;
    }
    return Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
  }

  private static String shortened(String words) {
    return words.length() <= MAX_TITLE_CHARS
        ? words
        : words.substring(0, cut(words, MAX_TITLE_CHARS)).strip();
  }

  static String clean(String content) {
    StringBuilder words = new StringBuilder(content.length());
    boolean isBlankBefore = true;
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c > ' ' && c < 0x7F) {
        words.append(c);
        isBlankBefore = false;
      } else if (isBlank(c)) {
        if (!isBlankBefore) {
          words.append(' ');
        }
        isBlankBefore = true;
      } else if (!isInvisible(c)) {
        words.append(c);
        isBlankBefore = false;
      }
    }
    int length = words.length();
    return words.substring(0, isBlankBefore && length > 0 ? length - 1 : length);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  /**
   * Returns whether a character carries no text: control characters, soft hyphen, zero-width marks,
   * byte order mark.
   */
  private static boolean isInvisible(char c) {
    return Character.isISOControl(c)
        || c == '\u00ad'
        || c == '\u200b'
        || c == '\u2060'
        || c == '\ufeff'
        || c >= '\ufffe';
  }
}
