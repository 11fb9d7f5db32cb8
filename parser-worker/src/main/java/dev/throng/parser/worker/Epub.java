package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParserProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/**
 * EPUB (W3C EPUB 3.3, and 2): chapters in the order of the spine. Each chapter is read like a web
 * page, because many are not well-formed XML. Without a readable list of parts, all pages are read
 * in their order in the file.
 */
final class Epub {
  private static final String CONTAINER = "META-INF/container.xml";
  private static final String ENCRYPTION = "META-INF/encryption.xml";

  /** Algorithms that obfuscate only fonts, not text (EPUB 3.3, font obfuscation). */
  private static final Set<String> FONT_ALGORITHMS =
      Set.of("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC");

  private static final int MAX_LIST_BYTES = 8 << 20;

  private final ZipFile zip;
  private final TextBuilder text;
  private final List<String> warnings;

  private Epub(ZipFile zip, TextBuilder text, List<String> warnings) {
    this.zip = zip;
    this.text = text;
    this.warnings = warnings;
  }

  /**
   * Writes all chapters.
   *
   * @throws DocumentException DOCUMENT_ENCRYPTED when a chapter is encrypted
   */
  static void parse(Path file, TextBuilder text, List<String> warnings) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      new Epub(zip, text, warnings).read();
    }
  }

  private void read() throws IOException {
    Element root = xml(CONTAINER).selectFirst("rootfile");
    String listName = root == null ? "" : root.attr("full-path");
    Document list = xml(listName);
    Element title = list.selectFirst("metadata > dc|title, metadata > title");
    text.title(title == null ? null : title.text());
    Collection<String> chapters = chapters(list, listName);
    refuseEncrypted(chapters);
    Path copy = Files.createTempFile("chapter", ".xhtml");
    for (String chapter : chapters) {
      ZipEntry entry = zip.getEntry(chapter);
      if (entry == null) {
        warn("the chapter \"%s\" is missing".formatted(chapter));
      } else if (entry.getSize() > Html.MAX_TREE_BYTES) {
        warn("the chapter \"%s\" was left out: it is too long".formatted(chapter));
      } else {
        read(entry, copy);
      }
    }
  }

  private void read(ZipEntry entry, Path copy) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      if (Failures.isOfDisk(e)) {
        throw e;
      }
      warn("the chapter \"%s\" was left out: %s".formatted(entry.getName(), e.getMessage()));
      return;
    }
    Charset charset = Charsets.of(copy, HtmlCharset.declared(copy));
    Html.chapter(Charsets.decode(Files.readAllBytes(copy), charset), text);
  }

  /** Returns the names of chapters, in reading order. */
  private Collection<String> chapters(Document list, String listName) {
    String folder = listName.substring(0, listName.lastIndexOf('/') + 1);
    Map<String, String> pages = new LinkedHashMap<>();
    for (Element item : list.select("manifest > item")) {
      boolean isPage = item.attr("media-type").contains("html") || isPageName(item.attr("href"));
      boolean isContents = item.attr("properties").contains("nav"); // repeats the headings
      if (isPage && !isContents) {
        pages.put(item.attr("id"), resolved(folder, item.attr("href")));
      }
    }
    Set<String> chapters = new LinkedHashSet<>();
    for (Element reference : list.select("spine > itemref")) {
      String page = pages.get(reference.attr("idref"));
      if (page != null) {
        chapters.add(page);
      }
    }
    if (!chapters.isEmpty()) {
      return chapters;
    }
    return pages.isEmpty()
        ? zip.stream().map(ZipEntry::getName).filter(Epub::isPageName).toList()
        : pages.values();
  }

  private void refuseEncrypted(Collection<String> chapters) throws IOException {
    for (Element data : xml(ENCRYPTION).select("*|EncryptedData")) {
      Element method = data.selectFirst("*|EncryptionMethod");
      Element reference = data.selectFirst("*|CipherReference");
      boolean isFont = method != null && FONT_ALGORITHMS.contains(method.attr("Algorithm"));
      if (!isFont && reference != null && chapters.contains(resolved("", reference.attr("URI")))) {
        throw new DocumentException(
            Reason.DOCUMENT_ENCRYPTED, "its chapters are encrypted for one reader (DRM)");
      }
    }
  }

  /** Parses a part leniently; empty when it does not exist. */
  private Document xml(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    String content = "";
    if (entry != null) {
      try (InputStream in = zip.getInputStream(entry)) {
        content = Charsets.decode(in.readNBytes(MAX_LIST_BYTES), StandardCharsets.UTF_8);
      }
    }
    return Jsoup.parse(content, Parser.xmlParser());
  }

  private void warn(String reason) {
    if (warnings.size() < ParserProtocol.MAX_WARNINGS) {
      warnings.add(reason);
    }
  }

  private static boolean isPageName(String name) {
    String low = name.toLowerCase(Locale.ROOT);
    return low.endsWith(".xhtml") || low.endsWith(".html") || low.endsWith(".htm");
  }

  /** Returns a part's name from a reference, which is a URL relative to the list. */
  private static String resolved(String folder, String reference) {
    String path = reference.replaceFirst("#.*", "");
    try {
      path = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      path = reference; // a literal percent sign
    }
    Path joined = Path.of("/" + folder).resolve(path.isEmpty() ? "." : path).normalize();
    return joined.toString().substring(1);
  }
}
