package dev.throng.ingest.parse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.rtf.RTFEditorKit;

/** The text of an RTF without any paragraph mark, in which Tika finds none. */
final class RtfText {
  private RtfText() {}

  /** All of it; empty when there is none. */
  static String of(Path file) throws IOException {
    RTFEditorKit kit = new RTFEditorKit();
    Document document = kit.createDefaultDocument();
    try (InputStream in = Files.newInputStream(file)) {
      kit.read(in, document, 0);
      return document.getText(0, document.getLength());
    } catch (BadLocationException e) {
      throw new IOException(e);
    }
  }
}
