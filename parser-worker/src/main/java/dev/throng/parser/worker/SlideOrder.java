package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Handles presentations whose slides Tika would read in the wrong order. It sorts them by the names
 * of their relations as strings, so that {@code rId10} precedes {@code rId9}. A copy is read
 * instead, in which the names are in the slides' order.
 */
final class SlideOrder {
  private static final String PRESENTATION = "ppt/presentation.xml";
  private static final String RELATIONS = "ppt/_rels/presentation.xml.rels";
  private static final Pattern SLIDE =
      Pattern.compile("<(?:\\w{1,40}:)?sldId\\s.*", Pattern.DOTALL);
  private static final Pattern SLIDE_ID = attribute("\\w{1,40}:id");
  private static final Pattern RELATION =
      Pattern.compile("<(?:\\w{1,40}:)?Relationship\\s.*", Pattern.DOTALL);
  private static final Pattern RELATION_ID = attribute("Id");

  /** Relevant tags are far shorter. */
  private static final int MAX_TAG_CHARS = 4_096;

  /** A list of slides is far shorter. A longer one is read in any order. */
  private static final int MAX_PART_BYTES = 8 << 20;

  private SlideOrder() {}

  /** Returns the file itself, or a copy of it when its slides would be read out of order. */
  static Path inOrder(Path file) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      String presentation = read(zip, PRESENTATION);
      String relations = read(zip, RELATIONS);
      if (presentation == null || relations == null) {
        return file;
      }
      List<String> slides = slides(presentation);
      List<String> sorted = new ArrayList<>(slides);
      Collections.sort(sorted);
      return sorted.equals(slides) ? file : copy(zip, renamed(relations, slides));
    }
  }

  private static Pattern attribute(String name) {
    return Pattern.compile("\\s" + name + "\\s*+=\\s*+[\"']([^\"']+)[\"']");
  }

  private static List<String> slides(String presentation) {
    List<String> slides = new ArrayList<>();
    var _ =
        withTags(
            presentation,
            tag -> {
              Matcher id = SLIDE_ID.matcher(tag);
              if (SLIDE.matcher(tag).matches() && id.find()) {
                slides.add(id.group(1));
              }
              return tag;
            });
    return slides;
  }

  private static String renamed(String relations, List<String> slides) {
    Map<String, String> names = new HashMap<>();
    for (String slide : slides) {
      names.putIfAbsent(slide, "slide%08d".formatted(names.size()));
    }
    return withTags(
        relations,
        tag -> {
          Matcher id = RELATION_ID.matcher(tag);
          String name =
              RELATION.matcher(tag).matches() && id.find() ? names.get(id.group(1)) : null;
          return name == null ? tag : id.replaceFirst(" Id=\"" + name + "\"");
        });
  }

  /** Returns the XML with each of its tags replaced. Its text and overlong tags stay unchanged. */
  private static String withTags(String xml, UnaryOperator<String> replacement) {
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    int begin = xml.indexOf('<');
    while (begin >= 0) {
      int end = xml.indexOf('>', begin);
      if (end < 0) {
        break;
      }
      int start = xml.lastIndexOf('<', end);
      String tag = xml.substring(start, end + 1);
      replaced
          .append(xml, from, start)
          .append(tag.length() > MAX_TAG_CHARS ? tag : replacement.apply(tag));
      from = end + 1;
      begin = xml.indexOf('<', from);
    }
    return replaced.append(xml, from, xml.length()).toString();
  }

  /** Copies parts without unpacking them, because pictures make up most of a presentation. */
  private static Path copy(ZipFile zip, String relations) throws IOException {
    Path copy = Files.createTempFile("slides", ".pptx");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(copy)) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (entry.getName().equals(RELATIONS)) {
          out.putArchiveEntry(new ZipArchiveEntry(RELATIONS));
          out.write(relations.getBytes(StandardCharsets.UTF_8));
          out.closeArchiveEntry();
        } else {
          try (InputStream packed = zip.getRawInputStream(entry)) {
            out.addRawArchiveEntry(entry, packed);
          }
        }
      }
    }
    return copy;
  }

  private static @Nullable String read(ZipFile zip, String name) throws IOException {
    ZipArchiveEntry entry = zip.getEntry(name);
    if (entry == null || entry.getSize() > MAX_PART_BYTES) {
      return null;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readNBytes(MAX_PART_BYTES), StandardCharsets.UTF_8);
    }
  }
}
