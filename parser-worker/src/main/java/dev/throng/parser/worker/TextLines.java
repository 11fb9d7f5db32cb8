package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Splits a text into lines. A very long line is passed on in pieces. */
final class TextLines {
  private static final int BUFFER_CHARS = 1 << 15;

  private TextLines() {}

  /** Passes on every line without its line end and trailing blanks. */
  static void each(Reader in, Consumer<String> lines) throws IOException {
    StringBuilder line = new StringBuilder();
    char[] buffer = new char[BUFFER_CHARS];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      for (int i = 0; i < length; i++) {
        if (buffer[i] == '\n' || line.length() >= TextBuilder.MAX_BLOCK_CHARS) {
          lines.accept(line.toString().stripTrailing());
          line.setLength(0);
        }
        if (buffer[i] != '\n') {
          line.append(buffer[i]);
        }
      }
    }
    lines.accept(line.toString().stripTrailing());
  }

  /** Returns how many blanks a line begins with. */
  static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
