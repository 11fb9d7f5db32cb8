package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;

/**
 * Converts RTF for a reader that ends a paragraph at every cell and does not support rows: a cell
 * ends with {@link #CELL}, and a row is one paragraph that ends with {@link #ROW}. The reader also
 * treats text as part of the header until a paragraph begins, and small programs do not write that.
 * Groups are counted, because deep ones cost the reader stack or time.
 */
final class RtfInput extends InputStream {
  /** Unicode noncharacters, which do not occur in documents. */
  static final char CELL = '\ufdd0';

  static final char ROW = '\ufdd1';

  private static final int MAX_WORD_CHARS = 40;
  private static final int MAX_NUMBER_CHARS = 11;

  /**
   * Control words that begin a group without text of the document. Other such groups begin with a
   * star.
   */
  private static final Set<String> DESTINATIONS =
      Set.of(
          "colortbl",
          "filetbl",
          "fonttbl",
          "info",
          "listoverridetable",
          "listtable",
          "objdata",
          "pict",
          "revtbl",
          "stylesheet");

  /** Some programs omit the end of the last group. */
  private static final int MAX_UNENDED = 1;

  private final PushbackInputStream in;
  private final int maxGroups;

  /** Whether paragraphs are in a table, for each open group. */
  private final BitSet inTable = new BitSet();

  /** Whether the content is not text of the document, for each open group. */
  private final BitSet inDestination = new BitSet();

  private boolean hasParagraph;
  private boolean isUnended;
  private int groups;
  private byte[] ready = {};
  private int next;

  /** Remaining bytes of a picture, which may look like anything. */
  private long rawBytes;

  /**
   * Creates the input.
   *
   * @param maxGroups maximum number of nested groups
   */
  RtfInput(InputStream in, int maxGroups) {
    this.in = new PushbackInputStream(in, 1);
    this.maxGroups = maxGroups;
  }

  @Override
  public int read() throws IOException {
    while (next == ready.length) {
      int c = in.read();
      if (rawBytes > 0 && c >= 0) {
        rawBytes--;
        return c;
      }
      switch (c) {
        case '{' -> {
          beginGroup();
          return c;
        }
        case '}' -> endGroup();
        case '\\' -> control();
        case -1 -> {
          if (groups == 0) {
            return -1;
          }
          endAll();
        }
        default -> {
          if (c <= ' ' || hasParagraph || inDestination.get(groups)) {
            return c;
          }
          emitText(String.valueOf((char) c));
        }
      }
    }
    return ready[next++] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int start, int length) throws IOException {
    int count = 0;
    while (count < length) {
      int c = read();
      if (c < 0) {
        break;
      }
      buffer[start + count++] = (byte) c;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  /**
   * Returns whether the end of the last group was missing, which may mean that the file is
   * truncated.
   */
  boolean isUnended() {
    return isUnended;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void beginGroup() {
    groups++;
    inTable.set(groups, inTable.get(groups - 1));
    inDestination.set(groups, inDestination.get(groups - 1));
    if (groups > maxGroups) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_DEEP, "more than %d nested groups".formatted(maxGroups));
    }
  }

  /** Ends a group. The last paragraph may be unfinished, but the reader then ignores it. */
  private void endGroup() {
    groups = Math.max(0, groups - 1);
    emit(groups == 0 ? "\\par}" : "}");
  }

  private void endAll() {
    if (groups > MAX_UNENDED) {
      throw new DocumentException(
          Reason.DOCUMENT_TRUNCATED, "it ends inside %d groups".formatted(groups));
    }
    isUnended = true;
    endGroup();
  }

  private void control() throws IOException {
    int c = in.read();
    if (!isLetter(c)) {
      symbol(c);
      return;
    }
    StringBuilder word = new StringBuilder();
    for (; isLetter(c) && word.length() < MAX_WORD_CHARS; c = in.read()) {
      word.append((char) c);
    }
    StringBuilder number = new StringBuilder();
    for (; isOfNumber(c, number.length()); c = in.read()) {
      number.append((char) c);
    }
    boolean isParted = c == ' ';
    if (!isParted && c >= 0) {
      in.unread(c);
    }
    String control = changed(word.toString(), number.toString()) + (isParted ? " " : "");
    if (word.toString().equals("u")) {
      emitText(control);
    } else {
      emit(control);
    }
  }

  private void symbol(int c) {
    if (c == '*') {
      inDestination.set(groups);
    }
    String symbol = c < 0 ? "\\" : "\\" + (char) c;
    if ("'\\{}".indexOf(c) >= 0) {
      emitText(symbol);
    } else {
      emit(symbol);
    }
  }

  private String changed(String word, String number) {
    switch (word) {
      case "trowd" -> inTable.set(groups);
      case "intbl" -> inTable.set(groups, !number.equals("0"));
      case "pard" -> {
        inTable.clear(groups);
        hasParagraph = true;
      }
      case "bin" -> rawBytes = bytes(number);
      default ->
          inDestination.set(groups, inDestination.get(groups) || DESTINATIONS.contains(word));
    }
    return switch (word) {
      case "cell" -> mark(CELL);
      case "row" -> {
        inTable.clear(groups);
        yield mark(ROW) + "\\par";
      }
      case "nestcell" -> "\\tab";
      case "nonesttables" -> "\\*\\nonesttables"; // repeats the nested cells
      case "par" -> inTable.get(groups) ? "\\tab" : "\\par";
      default -> "\\" + word + number;
    };
  }

  private static String mark(char mark) {
    return "{\\uc0\\u%d }".formatted((int) (short) mark);
  }

  private static long bytes(String number) {
    return number.isEmpty() || number.startsWith("-") ? 0 : Long.parseLong(number);
  }

  private void emitText(String text) {
    boolean isFirst = !hasParagraph && !inDestination.get(groups);
    hasParagraph |= isFirst;
    emit(isFirst ? "\\pard " + text : text);
  }

  private void emit(String text) {
    ready = text.getBytes(StandardCharsets.ISO_8859_1);
    next = 0;
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isOfNumber(int c, int length) {
    return length < MAX_NUMBER_CHARS && ((c >= '0' && c <= '9') || (c == '-' && length == 0));
  }
}
