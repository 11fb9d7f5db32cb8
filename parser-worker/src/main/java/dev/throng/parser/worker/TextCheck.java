package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParseRules;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out why there is no text, so that an empty document never counts as a success. */
final class TextCheck {
  private static final int HEAD_BYTES = 1 << 16;
  private static final int MAX_RANGES_CHARS = 150;

  private static final Pattern ENCRYPTED_MAIL =
      Pattern.compile(
          "content-type:\\s*(?:multipart/encrypted|application/(?:x-)?pkcs7-mime(?!.{0,200}signed-data))"
              + "|-----begin pgp message-----",
          Pattern.DOTALL);

  private TextCheck() {}

  /** Returns the failure of a parsed document without text, or null when it has text. */
  static @Nullable DocumentException missing(
      Path file, Format format, ParseRules rules, TextBuilder text) throws IOException {
    boolean isScan =
        format == Format.IMAGE
            || (format == Format.PDF
                && text.chars() < (long) TextBuilder.MIN_CHARS_PER_PAGE * Math.max(1, text.pages())
                && (contains(file, "/Subtype/Image") || contains(file, "/Subtype /Image")));
    if (isScan && (text.chars() == 0 || !rules.isWithOcr())) {
      return scan(rules);
    }
    if (text.chars() > 0) {
      return null;
    }
    return new DocumentException(
        format.isText() ? Reason.DOCUMENT_EMPTY : Reason.DOCUMENT_NO_TEXT, "no text in it");
  }

  /** Adds a warning with the pages of a PDF that are images and were not read. */
  static void warnOfScans(Path file, ParseRules rules, TextBuilder text, List<String> warnings) {
    List<Integer> empty = text.emptyPages();
    if (rules.isWithOcr() || empty.isEmpty()) {
      return;
    }
    List<Integer> scans;
    try {
      scans = PdfImages.among(empty, file);
    } catch (IOException | RuntimeException e) {
      return; // the check only adds a warning
    }
    if (!scans.isEmpty()) {
      warnings.add(
          "%d of its %d pages are images without text, which are not read (`ingest.ocr` is false): %s"
              .formatted(scans.size(), text.pages(), ranges(scans)));
    }
  }

  /** Returns ranges such as "2, 5-7". */
  static String ranges(List<Integer> numbers) {
    StringBuilder ranges = new StringBuilder();
    for (int i = 0; i < numbers.size(); i++) {
      int first = numbers.get(i);
      while (i + 1 < numbers.size() && numbers.get(i + 1) == numbers.get(i) + 1) {
        i++;
      }
      ranges.append(ranges.isEmpty() ? "" : ", ").append(first);
      if (numbers.get(i) > first) {
        ranges.append('-').append(numbers.get(i));
      }
      if (ranges.length() > MAX_RANGES_CHARS) {
        return ranges + ", ...";
      }
    }
    return ranges.toString();
  }

  static boolean hasTesseract() {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
            .anyMatch(folder -> new File(folder, "tesseract").canExecute());
  }

  /**
   * Refuses encrypted mails.
   *
   * @throws DocumentException DOCUMENT_ENCRYPTED for a mail encrypted by S/MIME or PGP
   */
  static void refuseEncryptedMail(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
      if (ENCRYPTED_MAIL.matcher(head.toLowerCase(Locale.ROOT)).find()) {
        throw new DocumentException(
            Reason.DOCUMENT_ENCRYPTED, "the mail is encrypted by S/MIME or PGP");
      }
    }
  }

  private static DocumentException scan(ParseRules rules) {
    if (!rules.isWithOcr()) {
      return new DocumentException(
          Reason.DOCUMENT_NEEDS_OCR, "its pages are images (`ingest.ocr` is false)");
    }
    return hasTesseract()
        ? new DocumentException(
            Reason.DOCUMENT_NO_TEXT,
            "tesseract found no words of %s in its images".formatted(rules.ocrLanguages()))
        : new DocumentException(
            Reason.OCR_UNAVAILABLE, "its pages are images, and tesseract is not on the PATH");
  }

  /** Returns whether bytes occur in a file. The dictionary of an image is never compressed. */
  private static boolean contains(Path file, String words) throws IOException {
    byte[] wanted = words.getBytes(StandardCharsets.ISO_8859_1);
    int matched = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), HEAD_BYTES)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        matched = next == wanted[matched] ? matched + 1 : next == wanted[0] ? 1 : 0;
        if (matched == wanted.length) {
          return true;
        }
      }
    }
    return false;
  }
}
