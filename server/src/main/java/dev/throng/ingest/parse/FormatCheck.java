package dev.throng.ingest.parse;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.nio.file.Path;

/** What a file is, by its content and its name. */
final class FormatCheck {
  private FormatCheck() {}

  static Format of(Path file, String name, ParseRules rules) throws IOException {
    Format declared = Format.ofName(name);
    if (declared == null) {
      throw new ThrongException(ErrorCode.UNSUPPORTED_DOCUMENT, "unknown ending");
    }
    return declared;
  }

  static ThrongException withoutText(Path file, Format format, ParseRules rules) {
    return new ThrongException(
        format.isText() ? ErrorCode.DOCUMENT_EMPTY : ErrorCode.DOCUMENT_NO_TEXT, "no text in it");
  }
}
