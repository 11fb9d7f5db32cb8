package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Determines the format of a file by its content and its name. Mismatches that office programs
 * accept themselves (a web page called .xls) are accepted. Other mismatches are errors, because
 * such a file is rarely what its user wanted to ingest.
 */
final class FormatCheck {
  private FormatCheck() {}

  /**
   * Returns the format.
   *
   * @throws DocumentException a DOCUMENT_* code, or UNSUPPORTED_DOCUMENT
   */
  static Format of(Path file, String name, ParseRules rules) throws IOException {
    Format declared = Format.ofName(name);
    if (declared == null) {
      throw new DocumentException(
          Reason.UNSUPPORTED_DOCUMENT,
          "files ending in \"%s\" cannot be read".formatted(Format.ending(name)));
    }
    refuseUnwanted(declared, rules);
    Content content = Content.of(file);
    content.refusePolyglot();
    Format found = content.format();
    if (found == null) {
      throw new DocumentException(
          Reason.DOCUMENT_UNREADABLE,
          "its content is neither %s nor another known format".formatted(declared.ending()));
    }
    boolean isNoMail = declared == Format.EML && found.isText() && !content.isMail();
    Format chosen = isNoMail ? null : chosen(declared, found);
    if (chosen == null) {
      throw new DocumentException(
          Reason.DOCUMENT_WRONG_EXTENSION,
          "its content is that of a file ending in .%s (found: .%s)"
              .formatted(found.ending(), Format.ending(name)));
    }
    content.refuseBroken(chosen, rules);
    return chosen;
  }

  private static void refuseUnwanted(Format declared, ParseRules rules) {
    if (declared == Format.ARCHIVE && !rules.isWithArchives()) {
      throw new DocumentException(
          Reason.UNSUPPORTED_DOCUMENT,
          "archives are not read (expected: `ingest.archives: true`, or the documents themselves)");
    }
    if (declared == Format.IMAGE && !rules.isWithOcr()) {
      throw new DocumentException(
          Reason.UNSUPPORTED_DOCUMENT, "images are not read (expected: `ingest.ocr: true`)");
    }
    if (declared == Format.IMAGE && !TextCheck.hasTesseract()) {
      throw new DocumentException(Reason.OCR_UNAVAILABLE, "tesseract is not on the PATH");
    }
  }

  /** Returns the format to read it as, or null when the name is wrong. */
  private static @Nullable Format chosen(Format declared, Format found) {
    if (declared == found) {
      return found;
    }
    if (declared.isText() && found.isText()) {
      if (found != Format.HTML) {
        return declared;
      }
      return switch (declared) {
        case TEXT, XML -> Format.HTML;
        case CSV, JSON -> null; // often a saved login page
        default -> declared;
      };
    }
    boolean isAccepted =
        switch (declared) {
          case DOC -> found == Format.RTF || found == Format.DOCX || found.isText();
          case XLS -> found == Format.XLSX || found.isText();
          case PPT -> found == Format.PPTX;
          case RTF -> found == Format.DOC || found == Format.DOCX;
          case EML -> found == Format.MSG;
          case TEXT -> found == Format.RTF;
          default -> false;
        };
    if (!isAccepted) {
      return null;
    }
    return declared == Format.XLS && found == Format.TEXT ? Format.CSV : found;
  }
}
