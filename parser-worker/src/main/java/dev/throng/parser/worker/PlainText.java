package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;

/** Text without markup, whose paragraphs are separated by blank lines. */
final class PlainText {
  private static final int BUFFER_CHARS = 1 << 15;

  private final StringBuilder paragraph = new StringBuilder();
  private final TextBuilder text;
  private boolean isBlankLine = true;

  private PlainText(TextBuilder text) {
    this.text = text;
  }

  /** Reads to the end, with little memory however long a paragraph is. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    new PlainText(text).readAll(in);
  }

  private void readAll(Reader in) throws IOException {
    char[] buffer = new char[BUFFER_CHARS];
    char last = 0;
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      for (int i = 0; i < length; i++) {
        if (!(buffer[i] == '\n' && last == '\r')) {
          add(buffer[i]);
        }
        last = buffer[i];
      }
    }
    end();
  }

  private void add(char c) {
    if (isLineEnd(c)) {
      if (isBlankLine) {
        end();
      } else {
        paragraph.append('\n');
        isBlankLine = true;
      }
      return;
    }
    isBlankLine &= c == ' ' || c == '\t';
    paragraph.append(c);
    if (paragraph.length() > TextBuilder.MAX_BLOCK_CHARS) {
      int cut = TextBuilder.cut(paragraph, TextBuilder.MAX_BLOCK_CHARS);
      text.paragraph(paragraph.substring(0, cut));
      paragraph.delete(0, cut);
    }
  }

  private void end() {
    text.paragraph(paragraph.toString());
    paragraph.setLength(0);
  }

  /** Returns whether the regular expression \R matches the character. */
  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r') || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }
}
