package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/** Text without markup, whose paragraphs are separated by blank lines. */
final class PlainText {
  private static final int BUFFER_CHARS = 1 << 15;

  private final TextBuilder text;
  private final StringBuilder line = new StringBuilder();
  private final List<String> paragraph = new ArrayList<>();
  private int paragraphChars;

  private PlainText(TextBuilder text) {
    this.text = text;
  }

  /** Reads to the end, with little memory however long a paragraph or a line is. */
  static void parse(Reader in, TextBuilder text) throws IOException {
    PlainText plain = new PlainText(text);
    plain.readAll(in);
    plain.endParagraph();
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
    endLine();
  }

  private void add(char c) {
    if (isLineEnd(c)) {
      endLine();
      return;
    }
    line.append(c);
    if (line.length() > TextBuilder.MAX_BLOCK_CHARS) {
      int cut = TextBuilder.cut(line, TextBuilder.MAX_BLOCK_CHARS);
      String rest = line.substring(cut);
      line.setLength(cut);
      endLine();
      line.append(rest);
    }
  }

  private void endLine() {
    if (line.toString().isBlank()) {
      endParagraph();
    } else {
      if (paragraphChars + line.length() > TextBuilder.MAX_BLOCK_CHARS) {
        endParagraph();
      }
      paragraph.add(line.toString());
      paragraphChars += line.length();
    }
    line.setLength(0);
  }

  private void endParagraph() {
    PlainParagraph.write(paragraph, text);
    paragraph.clear();
    paragraphChars = 0;
  }

  /** Returns whether the regular expression \R matches the character. */
  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r') || c == '\u0085' || c == '\u2028' || c == '\u2029';
  }
}
