package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jspecify.annotations.Nullable;

/** The properties of a file's bytes, regardless of its name. */
final class Content {
  private static final int HEAD_BYTES = 1 << 16;
  private static final int TAIL_BYTES = 1 << 16;

  /** PDF readers look for the header within this many bytes. */
  private static final int PDF_HEADER_BYTES = 1_024;

  /** PDF readers look for the end within this many last bytes. */
  private static final int PDF_END_BYTES = 1_024;

  private static final String PDF_HEADER = "%PDF-";

  /**
   * One digit of the object number is sufficient. Otherwise a file of digits would take seconds.
   */
  private static final Pattern PDF_OBJECT = Pattern.compile("\\d \\d+ obj\\b");

  /** The first record of Excel 2 to 4, which has no container: its number and length. */
  private static final Pattern OLD_EXCEL =
      Pattern.compile("\t[\\x00\\x02\\x04][\\x04\\x06\\x08]\\x00");

  /** Maximum share of control characters in a text. */
  private static final double MAX_CONTROLS = 0.05;

  private static final Pattern MAIL_START =
      Pattern.compile("\\s*>?(?:From |[\\x21-\\x39\\x3b-\\x7e]+[ \t]*:)");

  private final Path file;
  private final String head;
  private final String tail;
  private final long bytes;

  private Content(Path file, String head, String tail, long bytes) {
    this.file = file;
    this.head = head;
    this.tail = tail;
    this.bytes = bytes;
  }

  static Content of(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] head = new byte[(int) Math.min(HEAD_BYTES, in.length())];
      in.readFully(head);
      byte[] tail = new byte[(int) Math.min(TAIL_BYTES, in.length())];
      in.seek(in.length() - tail.length);
      in.readFully(tail);
      return new Content(file, latin(head), latin(tail), in.length());
    }
  }

  /**
   * Returns whether it is a single compressed file, which may contain a tar archive, by its first
   * bytes.
   */
  static boolean isCompressed(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return isCompressed(latin(in.readNBytes(3)));
    }
  }

  /**
   * Returns the format. It is TEXT for any text without the marks of another format, and null for
   * unknown bytes.
   *
   * @throws DocumentException DOCUMENT_ENCRYPTED, DOCUMENT_TRUNCATED and others, of containers
   */
  @Nullable Format format() throws IOException {
    if (head.stripLeading().startsWith(PDF_HEADER)) {
      return Format.PDF;
    }
    if (head.startsWith(ZipContent.START) || head.startsWith("PK\u0005\u0006")) {
      return ZipContent.format(file, tail);
    }
    if (head.startsWith("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1")) {
      return ole();
    }
    if (head.startsWith("{\\rtf")) {
      return Format.RTF;
    }
    if (isImage()) {
      return Format.IMAGE;
    }
    if (isPacked()) {
      return Format.ARCHIVE;
    }
    if (isPdfBehindOther()) {
      return Format.PDF;
    }
    if (isOldExcel()) {
      return Format.XLS;
    }
    return isBinary() ? null : text();
  }

  /**
   * Refuses a file that is valid in two formats.
   *
   * @throws DocumentException DOCUMENT_POLYGLOT
   */
  void refusePolyglot() {
    String words = head.toLowerCase(Locale.ROOT);
    if (isImage() && (words.contains("<script") || words.contains("<html"))) {
      throw new DocumentException(Reason.DOCUMENT_POLYGLOT, "an image that contains a web page");
    }
    if (isImage() && tail.contains("PK\u0005\u0006") && ZipContent.isZip(file)) {
      throw new DocumentException(Reason.DOCUMENT_POLYGLOT, "an image followed by a ZIP archive");
    }
    if (pdfHeader() > 0 && (head.startsWith("MZ") || head.startsWith("\u007fELF"))) {
      throw new DocumentException(Reason.DOCUMENT_POLYGLOT, "a program followed by a PDF");
    }
    String start = head.stripLeading().toLowerCase(Locale.ROOT);
    boolean isPage = start.startsWith("<!doctype html") || start.startsWith("<html");
    boolean isOther = isPage || isImage() || head.startsWith(ZipContent.START);
    if (isOther && isPdfBehindOther()) {
      throw new DocumentException(
          Reason.DOCUMENT_POLYGLOT, "a PDF is hidden at the beginning of another format");
    }
    if (pdfHeader() >= 0 && !isOther && ZipContent.isZip(file)) {
      throw new DocumentException(Reason.DOCUMENT_POLYGLOT, "a PDF followed by a ZIP archive");
    }
  }

  /**
   * Refuses a broken file.
   *
   * @throws DocumentException DOCUMENT_TRUNCATED for a PDF; codes of a container's members
   */
  void refuseBroken(Format format, ParseRules rules) throws IOException {
    if (format == Format.PDF) {
      int end = Math.max(tail.lastIndexOf("%%EOF"), tail.lastIndexOf("startxref"));
      end = Math.max(end, tail.lastIndexOf("trailer"));
      if (end < tail.lastIndexOf(" obj") || (end < 0 && bytes > TAIL_BYTES)) {
        throw new DocumentException(
            Reason.DOCUMENT_TRUNCATED, "the PDF ends without its cross-reference table");
      }
    }
    if (head.startsWith(ZipContent.START)) {
      ZipContent.refuseBomb(file, format, rules);
    }
  }

  /**
   * Returns whether it begins with a mail header, or with the line that precedes each mail in a
   * mailbox.
   */
  boolean isMail() {
    String start =
        head.replace("\u0000", "").replaceFirst("^[\u00ef\u00bb\u00bf\u00ff\u00fe]+", "");
    return MAIL_START.matcher(start).lookingAt();
  }

  /** Returns whether it is a mailbox, which may contain several mails. */
  boolean isMailbox() {
    return head.stripLeading().startsWith("From ");
  }

  /**
   * Returns whether it is a PDF without a header, or with other bytes before it. A text about PDFs
   * may contain the header, too.
   */
  private boolean isPdfBehindOther() {
    boolean hasHeader = pdfHeader() >= 0;
    boolean hasObjects = PDF_OBJECT.matcher(head).find();
    String end = tail.substring(Math.max(0, tail.length() - PDF_END_BYTES));
    return (hasObjects && end.contains("%%EOF")) || (hasHeader && isBinary());
  }

  private int pdfHeader() {
    return head.substring(0, Math.min(PDF_HEADER_BYTES, head.length())).indexOf(PDF_HEADER);
  }

  private @Nullable Format ole() {
    Set<String> parts;
    try (POIFSFileSystem container = new POIFSFileSystem(file.toFile(), true)) {
      parts = new TreeSet<>(String.CASE_INSENSITIVE_ORDER); // some programs write upper case
      parts.addAll(container.getRoot().getEntryNames());
    } catch (IOException | RuntimeException e) {
      throw new DocumentException(
          bytes % 512 == 0 ? Failures.classify(e).reason() : Reason.DOCUMENT_TRUNCATED,
          Failures.rootMessage(e),
          e);
    }
    if (parts.contains("EncryptedPackage")) {
      throw new DocumentException(Reason.DOCUMENT_ENCRYPTED, "it needs a password");
    }
    if (parts.contains("WordDocument")) {
      return Format.DOC;
    }
    if (parts.contains("PowerPoint Document")) {
      return Format.PPT;
    }
    if (parts.contains("Workbook") || parts.contains("Book")) {
      return Format.XLS;
    }
    return parts.contains("__properties_version1.0") ? Format.MSG : null;
  }

  private boolean isOldExcel() {
    return OLD_EXCEL.matcher(head).lookingAt();
  }

  private boolean isImage() {
    return head.startsWith("\u0089PNG")
        || head.startsWith("\u00ff\u00d8\u00ff")
        || head.startsWith("GIF8")
        || head.startsWith("II*\u0000")
        || head.startsWith("MM\u0000*");
  }

  private boolean isPacked() {
    boolean isTar = head.length() > 262 && head.startsWith("ustar", 257);
    return isTar || isCompressed(head);
  }

  /** Returns whether it is compressed by gzip, compress or bzip2. */
  private static boolean isCompressed(String start) {
    return start.startsWith("\u001f\u008b")
        || start.startsWith("\u001f\u009d")
        || start.startsWith("BZh");
  }

  private boolean isBinary() {
    String marked = head.substring(0, Math.min(2, head.length()));
    if (marked.equals("\u00ff\u00fe") || marked.equals("\u00fe\u00ff")) {
      return false;
    }
    // A crash can leave zeros after the text, because the length of a file is written first.
    String text = withoutTrailingZeros(head);
    if (Charsets.isWide(head.getBytes(StandardCharsets.ISO_8859_1))) {
      return false;
    }
    long zeros = text.chars().filter(c -> c == 0).count();
    long controls =
        text.chars().filter(c -> c > 0 && c < ' ' && "\t\n\r\f\u001b".indexOf(c) < 0).count();
    return Math.max(zeros, controls) > text.length() * MAX_CONTROLS;
  }

  /** Not a regular expression, which would scan a run of zeros once for each zero. */
  private static String withoutTrailingZeros(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(0, end);
  }

  private Format text() {
    String start = head.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String low = start.substring(0, Math.min(1_000, start.length())).toLowerCase(Locale.ROOT);
    if (low.startsWith("<!doctype html") || low.startsWith("<html")) {
      return Format.HTML;
    }
    if (low.startsWith("<?xml")) {
      return low.contains("<html") ? Format.HTML : Format.XML;
    }
    return Format.TEXT;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
