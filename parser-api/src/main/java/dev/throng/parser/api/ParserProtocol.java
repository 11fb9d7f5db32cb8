package dev.throng.parser.api;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages between the server and a parser's process on its stdin and stdout, in {@link
 * DataOutputStream} format. The process sends {@link #READY} once. A request is {@link
 * #REQUEST_MARK} and a {@link Request}. An answer is {@link #ANSWER_MARK}, {@link #OK} and a {@link
 * Summary}, or the mark, the name of a {@link DocumentException.Reason} and a message. Texts are a
 * byte count and UTF-8.
 */
public final class ParserProtocol {
  /** A byte before each request distinguishes it from the end of stdin. */
  public static final int REQUEST_MARK = 1;

  /** Distinguishes the worker's messages from what a JVM or a library may write to stdout. */
  public static final int READY = 0x7468_7231;

  public static final int ANSWER_MARK = 0x7468_7232;

  public static final String OK = "ok";

  /** Maximum length of a text. A larger count is invalid. */
  public static final int MAX_TEXT_BYTES = 1 << 20;

  /** Maximum number of warnings, because further ones add no information. */
  public static final int MAX_WARNINGS = 20;

  private ParserProtocol() {}

  /**
   * A document to parse.
   *
   * @param file its path
   * @param name its name, whose extension gives the expected format
   * @param spool the file for its blocks
   */
  public record Request(String file, String name, String spool, ParseRules rules) {
    public void write(DataOutputStream out) throws IOException {
      ParserProtocol.write(out, file);
      ParserProtocol.write(out, name);
      ParserProtocol.write(out, spool);
      out.writeInt(rules.maxTextChars());
      out.writeInt(rules.maxNestingDepth());
      out.writeInt(rules.maxEntries());
      out.writeBoolean(rules.isWithArchives());
      out.writeBoolean(rules.isWithOcr());
      ParserProtocol.write(out, rules.ocrLanguages());
    }

    public static Request read(DataInputStream in) throws IOException {
      return new Request(
          ParserProtocol.read(in),
          ParserProtocol.read(in),
          ParserProtocol.read(in),
          new ParseRules(
              in.readInt(),
              in.readInt(),
              in.readInt(),
              in.readBoolean(),
              in.readBoolean(),
              ParserProtocol.read(in)));
    }
  }

  /**
   * The properties of a parsed document apart from its blocks.
   *
   * @param title empty when it has none
   */
  public record Summary(String title, int pages, long chars, String format, List<String> warnings) {
    public void write(DataOutputStream out) throws IOException {
      ParserProtocol.write(out, title);
      out.writeInt(pages);
      out.writeLong(chars);
      ParserProtocol.write(out, format);
      out.writeInt(warnings.size());
      for (String warning : warnings) {
        ParserProtocol.write(out, warning);
      }
    }

    public static Summary read(DataInputStream in) throws IOException {
      String title = ParserProtocol.read(in);
      int pages = in.readInt();
      long chars = in.readLong();
      String format = ParserProtocol.read(in);
      int count = in.readInt();
      if (pages < 0 || chars < 0 || count < 0 || count > MAX_WARNINGS) {
        throw new IOException("%d pages, %d warnings".formatted(pages, count));
      }
      List<String> warnings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        warnings.add(ParserProtocol.read(in));
      }
      return new Summary(title, pages, chars, format, List.copyOf(warnings));
    }
  }

  public static void write(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  /**
   * Reads a text.
   *
   * @throws IOException also when the text is truncated or has an invalid length
   */
  public static String read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw new IOException("invalid length of a text: %d bytes".formatted(length));
    }
    byte[] utf8 = in.readNBytes(length);
    if (utf8.length < length) {
      throw new IOException("the text is truncated");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
