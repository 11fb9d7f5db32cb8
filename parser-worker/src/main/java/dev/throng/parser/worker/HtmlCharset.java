package dev.throng.parser.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The declared charset of a page, which is often wrong. */
final class HtmlCharset {
  private static final int HEAD_BYTES = 1 << 14;
  private static final Pattern COMMENT = Pattern.compile("<!--.*?(-->|$)", Pattern.DOTALL);
  private static final Pattern META =
      Pattern.compile(
          "<meta[^>]{0,300}?charset\\s*+=\\s*+[\"']?\\s*+([a-z0-9_:.-]{2,40})",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern XML_DECLARATION =
      Pattern.compile("^\\s*<\\?xml[^>]{0,100}?encoding\\s*=\\s*[\"']([A-Za-z0-9_:.-]{2,40})");

  /**
   * The charsets that browsers use for these names (WHATWG's Encoding Standard): the larger charset
   * that such pages actually use.
   */
  private static final Map<String, String> ACTUAL_CHARSETS =
      Map.of(
          "gb2312", "GB18030",
          "gbk", "GB18030",
          "gb_2312-80", "GB18030",
          "shift_jis", "windows-31j",
          "sjis", "windows-31j",
          "euc-kr", "x-windows-949",
          "ks_c_5601-1987", "x-windows-949",
          "iso-8859-1", "windows-1252",
          "us-ascii", "windows-1252",
          "tis-620", "x-windows-874");

  private HtmlCharset() {}

  /** Returns the charset of that name, as browsers use it, or null when there is none. */
  static @Nullable Charset named(@Nullable String name) {
    if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9_:.-]*")) {
      return null;
    }
    String used = ACTUAL_CHARSETS.getOrDefault(name.toLowerCase(Locale.ROOT), name);
    return Charset.isSupported(used) ? Charset.forName(used) : null;
  }

  /** Returns the first existing charset of the XML declaration and meta elements, or null. */
  static @Nullable Charset declared(Path file) throws IOException {
    String head;
    try (InputStream in = Files.newInputStream(file)) {
      head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    }
    Matcher xml = XML_DECLARATION.matcher(head);
    Charset ofXml = xml.find() ? named(xml.group(1)) : null;
    if (ofXml != null) {
      return ofXml;
    }
    Matcher meta = META.matcher(COMMENT.matcher(head).replaceAll(""));
    while (meta.find()) {
      Charset charset = named(meta.group(1));
      if (charset != null) {
        return charset;
      }
    }
    return null;
  }
}
