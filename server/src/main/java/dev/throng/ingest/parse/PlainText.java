package dev.throng.ingest.parse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Text without markup: paragraphs are parted by blank lines. */
final class PlainText {
  private static final Pattern BLANK_LINE = Pattern.compile("\\R[ \\t]*\\R\\s*");
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final Charset FALLBACK = Charset.forName("windows-1252");

  private PlainText() {}

  static ParsedDocument parse(byte[] content, int maxTextChars) {
    TextBuilder text = new TextBuilder(maxTextChars);
    for (String paragraph : paragraphs(decode(content))) {
      text.paragraph(paragraph);
    }
    return text.build();
  }

  static String[] paragraphs(String text) {
    return BLANK_LINE.split(text);
  }

  /** By byte order mark, else UTF-8 when the bytes are valid UTF-8, else windows-1252. */
  static String decode(byte[] content) {
    if (startsWith(content, 0xFE, 0xFF) || startsWith(content, 0xFF, 0xFE)) {
      return new String(content, StandardCharsets.UTF_16);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return new String(content, FALLBACK);
    }
  }

  private static boolean startsWith(byte[] content, int first, int second) {
    return content.length >= 2 && (content[0] & 0xFF) == first && (content[1] & 0xFF) == second;
  }
}
