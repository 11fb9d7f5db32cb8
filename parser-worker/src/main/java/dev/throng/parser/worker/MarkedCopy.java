package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.tika.utils.XMLReaderUtils;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an office file in which some of its XML parts say what Tika would not pass on. Other
 * parts are copied without unpacking them.
 */
final class MarkedCopy {
  /** A longer part is copied unchanged. */
  private static final long MAX_PART_BYTES = 512L << 20;

  static final XMLEventFactory EVENTS = XMLEventFactory.newFactory();

  private MarkedCopy() {}

  /** Copies the events of a part with changes. */
  interface Rewriting {
    void rewrite(XMLEventReader in, XMLEventWriter out) throws XMLStreamException;
  }

  /** Chooses how a part is rewritten. */
  interface Choice {
    /** Returns the rewriting of a part, or null when it stays unchanged. */
    @Nullable Rewriting of(String name);
  }

  /** Returns a copy of the file, which the caller deletes. */
  static Path of(Path file, Choice choice) throws IOException {
    Path copy = Files.createTempFile("marked", ".zip");
    try (ZipFile zip = ZipFile.builder().setPath(file).get();
        ZipArchiveOutputStream out = new ZipArchiveOutputStream(copy)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        Rewriting rewriting = choice.of(entry.getName());
        Path changed = rewriting == null ? null : rewritten(zip, entry, rewriting);
        if (changed == null) {
          try (InputStream packed = zip.getRawInputStream(entry)) {
            out.addRawArchiveEntry(entry, packed);
          }
        } else {
          out.putArchiveEntry(new ZipArchiveEntry(entry.getName()));
          Files.copy(changed, out);
          out.closeArchiveEntry();
          Files.delete(changed);
        }
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
    return copy;
  }

  /** Returns the rewritten part, or null when it is not well-formed, which Tika then reports. */
  private static @Nullable Path rewritten(ZipFile zip, ZipArchiveEntry entry, Rewriting rewriting)
      throws IOException {
    Path part = Files.createTempFile("part", ".xml");
    try (InputStream in =
            BoundedInputStream.builder()
                .setInputStream(zip.getInputStream(entry))
                .setMaxCount(MAX_PART_BYTES)
                .get();
        OutputStream out = Files.newOutputStream(part)) {
      XMLEventReader reader = XMLReaderUtils.getXMLInputFactory().createXMLEventReader(in);
      XMLEventWriter writer = XMLOutputFactory.newFactory().createXMLEventWriter(out, "UTF-8");
      rewriting.rewrite(reader, writer);
      writer.close();
      return part;
    } catch (XMLStreamException | RuntimeException e) {
      Files.delete(part);
      return null;
    } catch (IOException e) {
      Files.delete(part);
      if (Failures.isOfDisk(e)) {
        throw e;
      }
      return null;
    }
  }
}
