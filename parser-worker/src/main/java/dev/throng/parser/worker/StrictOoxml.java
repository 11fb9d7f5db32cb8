package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Handles office files saved as "Strict Open XML" (ISO/IEC 29500-1), which POI cannot read. They
 * differ from the usual ones in the names of their XML namespaces.
 */
final class StrictOoxml {
  private static final String MARK = "http://purl.oclc.org/ooxml/";
  private static final Pattern NAMESPACE =
      Pattern.compile("http://purl\\.oclc\\.org/ooxml/([A-Za-z]+)/([A-Za-z/]+)");

  /** A longer part is not converted, because it would have to be held in memory. */
  private static final int MAX_PART_BYTES = 64 << 20;

  private StrictOoxml() {}

  /** Returns the file itself, or a copy in the usual namespaces when it is a strict one. */
  static Path asTransitional(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry relations = zip.getEntry("_rels/.rels");
      if (relations == null || !read(zip, relations).contains(MARK)) {
        return file;
      }
      Path copy = Files.createTempFile("strict", ".ooxml");
      try (OutputStream out = Files.newOutputStream(copy);
          ZipOutputStream renamed = new ZipOutputStream(out)) {
        for (ZipEntry entry : Collections.list(zip.entries())) {
          copy(zip, entry, renamed);
        }
      }
      return copy;
    }
  }

  private static void copy(ZipFile zip, ZipEntry entry, ZipOutputStream out) throws IOException {
    out.putNextEntry(new ZipEntry(entry.getName()));
    boolean isXml = entry.getName().endsWith(".xml") || entry.getName().endsWith(".rels");
    if (isXml) {
      String part =
          NAMESPACE
              .matcher(read(zip, entry))
              .replaceAll("http://schemas.openxmlformats.org/$1/2006/$2");
      out.write(part.getBytes(StandardCharsets.UTF_8));
    } else {
      try (InputStream in = zip.getInputStream(entry)) {
        in.transferTo(out);
      }
    }
    out.closeEntry();
  }

  private static String read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readNBytes(MAX_PART_BYTES), StandardCharsets.UTF_8);
    }
  }
}
