package dev.throng.ingest.parse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The charset that a page says it is in; which it often is not. */
final class HtmlCharset {
  private static final int HEAD_BYTES = 1 << 14;
  private static final Pattern COMMENT = Pattern.compile("<!--.*?(-->|$)", Pattern.DOTALL);
  private static final Pattern META =
      Pattern.compile(
          "<meta[^>]{0,300}?charset\\s*=\\s*[\"']?\\s*([a-z0-9_:.-]{2,40})",
          Pattern.CASE_INSENSITIVE);

  private HtmlCharset() {}

  /** The first charset named in a meta element that exists; null when there is none. */
  static @Nullable Charset declared(Path file) throws IOException {
    String head;
    try (InputStream in = Files.newInputStream(file)) {
      head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    }
    Matcher meta = META.matcher(COMMENT.matcher(head).replaceAll(""));
    while (meta.find()) {
      String name = meta.group(1);
      if (name.matches("[A-Za-z0-9].*") && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    return null;
  }
}
