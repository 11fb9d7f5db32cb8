package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/** The content of a ZIP: an office file, an EPUB, or an archive. */
final class ZipContent {
  /**
   * Bounds for a member of an office file: none unpacks to more than this and to this multiple of
   * its size.
   */
  static final long BOMB_BYTES = 64L << 20;

  static final long BOMB_RATIO = 200;

  /** Office files have a part for each picture and sheet. */
  private static final int MAX_PARTS = 50_000;

  /** The first bytes of a ZIP. */
  static final String START = "PK\u0003\u0004";

  private static final int MANIFEST_BYTES = 1 << 20;

  private ZipContent() {}

  /** Returns whether a stream that supports marks continues with a ZIP. */
  static boolean isAt(InputStream in) throws IOException {
    in.mark(START.length());
    String start = new String(in.readNBytes(START.length()), StandardCharsets.ISO_8859_1);
    in.reset();
    return start.equals(START);
  }

  static boolean isZip(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.size() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns the format.
   *
   * @throws DocumentException DOCUMENT_TRUNCATED, DOCUMENT_UNREADABLE or DOCUMENT_ENCRYPTED
   */
  static Format format(Path file, String tail) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String type = start(zip, "mimetype", 100);
      if (type.startsWith("application/epub+zip")) {
        return Format.EPUB;
      }
      if (type.startsWith("application/vnd.oasis.opendocument")
          || type.startsWith("application/vnd.sun.xml")) {
        refuseEncrypted(zip);
        return Format.ODT;
      }
      if (zip.getEntry("META-INF/container.xml") != null) {
        return Format.EPUB; // some programs omit the type, or pack it last
      }
      boolean isOffice = zip.getEntry("[Content_Types].xml") != null;
      if (isOffice && has(zip, "word/")) {
        return Format.DOCX;
      }
      if (isOffice && has(zip, "ppt/")) {
        return Format.PPTX;
      }
      return isOffice && has(zip, "xl/") ? Format.XLSX : Format.ARCHIVE;
    } catch (IOException e) {
      if (isEncrypted(e) && isOpenInPart(file)) {
        return Format.ARCHIVE;
      }
      if (isEncrypted(e)) {
        throw new DocumentException(Reason.DOCUMENT_ENCRYPTED, "its parts need a password", e);
      }
      boolean hasEnd = tail.contains("PK\u0005\u0006");
      throw new DocumentException(
          hasEnd ? Reason.DOCUMENT_UNREADABLE : Reason.DOCUMENT_TRUNCATED,
          hasEnd ? Failures.rootMessage(e) : "its list of parts, which is at the end, is missing",
          e);
    }
  }

  /**
   * Refuses bombs and too many members, according to the sizes in the ZIP.
   *
   * @throws DocumentException DOCUMENT_BOMB or DOCUMENT_TOO_MANY_ENTRIES
   */
  static void refuseBomb(Path file, Format format, ParseRules rules) throws IOException {
    int most = format == Format.ARCHIVE ? rules.maxEntries() : MAX_PARTS;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      refuseMany(zip.size(), most);
      refuseBomb(Collections.list(zip.entries()));
    } catch (ZipException e) {
      if (!isEncrypted(e)) {
        throw e;
      }
      List<ZipArchiveEntry> members = members(file);
      refuseMany(members.size(), most);
      refuseBomb(members);
    }
  }

  private static void refuseMany(int parts, int most) {
    if (parts > most) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_MANY_ENTRIES,
          "%d parts (expected: at most %d)".formatted(parts, most));
    }
  }

  private static void refuseBomb(List<? extends ZipEntry> entries) {
    for (ZipEntry entry : entries) {
      long packed = Math.max(1, entry.getCompressedSize());
      if (entry.getSize() > BOMB_BYTES && entry.getSize() / packed > BOMB_RATIO) {
        throw new DocumentException(
            Reason.DOCUMENT_BOMB,
            "%s unpacks %d bytes to %d".formatted(entry.getName(), packed, entry.getSize()));
      }
    }
  }

  /**
   * Returns whether it is an archive of which some members can be read. An office file is readable
   * completely or not at all.
   */
  private static boolean isOpenInPart(Path file) {
    List<ZipArchiveEntry> members;
    try {
      members = members(file);
    } catch (IOException e) {
      return false;
    }
    boolean isDocument =
        members.stream()
            .anyMatch(entry ->
                entry.getName().equals("[Content_Types].xml")
                    || entry.getName().equals("mimetype"));
    return !isDocument
        && members.stream()
            .anyMatch(
                entry -> !entry.isDirectory() && !entry.getGeneralPurposeBit().usesEncryption());
  }

  private static List<ZipArchiveEntry> members(Path file) throws IOException {
    try (org.apache.commons.compress.archivers.zip.ZipFile zip =
        org.apache.commons.compress.archivers.zip.ZipFile.builder().setPath(file).get()) {
      return Collections.list(zip.getEntries());
    }
  }

  /**
   * Returns whether the JDK refused a ZIP because of an encrypted part, which only its message
   * shows.
   */
  private static boolean isEncrypted(IOException e) {
    return String.valueOf(e.getMessage()).contains("encrypted entry");
  }

  private static void refuseEncrypted(ZipFile zip) throws IOException {
    if (start(zip, "META-INF/manifest.xml", MANIFEST_BYTES).contains("encryption-data")) {
      throw new DocumentException(Reason.DOCUMENT_ENCRYPTED, "it needs a password");
    }
  }

  private static boolean has(ZipFile zip, String folder) {
    return zip.stream().anyMatch(entry -> entry.getName().startsWith(folder));
  }

  private static String start(ZipFile zip, String name, int bytes) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return "";
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }
  }
}
