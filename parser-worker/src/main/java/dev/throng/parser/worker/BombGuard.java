package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Stops reading a small file that produces a very large text, such as a bomb inside an archive. */
final class BombGuard extends ContentHandlerDecorator {
  private final long bytes;
  private long chars;

  /**
   * Creates a guard.
   *
   * @param bytes size of the file
   */
  BombGuard(ContentHandler out, long bytes) {
    super(out);
    this.bytes = bytes;
  }

  @Override
  public void characters(char[] text, int start, int length) throws SAXException {
    chars += length;
    check(chars, bytes);
    super.characters(text, start, length);
  }

  /**
   * Stops reading a file whose text is much longer than the file.
   *
   * @throws DocumentException DOCUMENT_BOMB
   */
  static void check(long chars, long bytes) {
    if (chars > ZipContent.BOMB_BYTES && chars / bytes > ZipContent.BOMB_RATIO) {
      throw new DocumentException(
          Reason.DOCUMENT_BOMB,
          "its %d bytes expand to more than %d characters".formatted(bytes, chars));
    }
  }
}
