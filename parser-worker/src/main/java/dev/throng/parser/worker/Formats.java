package dev.throng.parser.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.Format;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.tika.exception.TikaException;
import org.xml.sax.SAXException;

/** Passes a file to the parser of its format. Runs in the worker. */
final class Formats {
  private final Office office;

  Formats() throws IOException, TikaException, SAXException {
    this.office = new Office();
  }

  /**
   * Writes a file's blocks.
   *
   * @return the detected format, as an extension
   * @throws DocumentException a DOCUMENT_* code or UNSUPPORTED_DOCUMENT
   */
  String parse(Path file, String name, ParseRules rules, TextBuilder text, List<String> warnings)
      throws IOException, TikaException, SAXException {
    if (Files.size(file) == 0) {
      throw new DocumentException(Reason.DOCUMENT_EMPTY, "the file has 0 bytes");
    }
    Format format = FormatCheck.of(file, name, rules);
    switch (format) {
      case MARKDOWN, HTML -> tree(format, file, text, warnings);
      case RST -> {
        try (Reader in = Charsets.open(file, null)) {
          Rst.parse(in, text);
        }
      }
      case ORG -> {
        try (Reader in = Charsets.open(file, null)) {
          Org.parse(in, text);
        }
      }
      case TEXT -> plain(file, text);
      case SOURCE -> {
        try (Reader in = Charsets.open(file, null)) {
          SourceText.parse(in, text);
        }
      }
      case CSV -> {
        try (Reader in = Charsets.open(file, null)) {
          Csv.parse(in, text);
        }
      }
      case JSON -> json(file, rules, text);
      case XML -> xml(file, rules, text);
      case EML -> mail(file, rules, text, warnings);
      case PDF -> office.parsePdf(file, rules, text, warnings);
      case EPUB -> Epub.parse(file, text, warnings);
      default -> office(file, name, format, rules, text, warnings);
    }
    text.endTable();
    DocumentException missing = TextCheck.missing(file, format, rules, text);
    if (missing != null) {
      throw withReason(missing, warnings);
    }
    if (format == Format.PDF) {
      TextCheck.warnOfScans(file, rules, text, warnings);
    }
    return format.ending();
  }

  /**
   * Returns a failure for a document without any text, with the first warning about omitted parts
   * as the reason.
   */
  private static DocumentException withReason(DocumentException missing, List<String> warnings) {
    if (warnings.isEmpty()) {
      return missing;
    }
    boolean isEncrypted = warnings.stream().allMatch(warning -> warning.endsWith(Embedded.LOCKED));
    return new DocumentException(
        isEncrypted ? Reason.DOCUMENT_ENCRYPTED : missing.reason(),
        "%s: %s".formatted(missing.getMessage(), warnings.getFirst()),
        missing);
  }

  private void mail(Path file, ParseRules rules, TextBuilder text, List<String> warnings)
      throws IOException {
    TextCheck.refuseEncryptedMail(file);
    Embedded embedded = office.embedded(file, rules, warnings);
    if (Content.of(file).isMailbox()) {
      Mbox.split(file, rules, mail -> Mail.parse(mail, text, embedded, rules));
      return;
    }
    Charset charset = Charsets.of(file, null);
    if (!charset.name().startsWith("UTF-16")) {
      Mail.parse(file, text, embedded, rules);
      return;
    }
    Path narrow =
        Files.createTempFile("mail", ".eml"); // mails are bytes, but this one was saved as text
    try (Reader in = Charsets.open(file, null);
        Writer out = Files.newBufferedWriter(narrow)) {
      in.transferTo(out);
    }
    Mail.parse(narrow, text, embedded, rules);
  }

  private void office(
      Path file,
      String name,
      Format format,
      ParseRules rules,
      TextBuilder text,
      List<String> warnings)
      throws IOException, TikaException, SAXException {
    boolean isOoxml = format == Format.DOCX || format == Format.PPTX || format == Format.XLSX;
    Path readable = isOoxml ? StrictOoxml.asTransitional(file) : file;
    office.parse(readable, name, rules, text, warnings);
  }

  private static void plain(Path file, TextBuilder text) throws IOException {
    try (Reader in = Charsets.open(file, null)) {
      PlainText.parse(in, text);
    }
  }

  private static void tree(Format format, Path file, TextBuilder text, List<String> warnings)
      throws IOException {
    if (Files.size(file) > Html.MAX_TREE_BYTES) {
      warnings.add(
          "read as plain text, because it is longer than %d MiB"
              .formatted(Html.MAX_TREE_BYTES >> 20));
      plain(file, text);
      return;
    }
    Charset declared = format == Format.HTML ? HtmlCharset.declared(file) : null;
    Charset charset = Charsets.of(file, declared);
    String content = Charsets.decode(Files.readAllBytes(file), charset);
    if (format == Format.HTML) {
      Html.parse(content, text, warnings);
    } else {
      Markdown.parse(content, text);
    }
  }

  private static void json(Path file, ParseRules rules, TextBuilder text) throws IOException {
    try (Reader in = Charsets.open(file, StandardCharsets.UTF_8)) {
      Json.parse(in, text, rules.maxNestingDepth());
    } catch (JsonEOFException e) {
      throw new DocumentException(
          Reason.DOCUMENT_TRUNCATED, "its last value has no end%s".formatted(placeOf(e)), e);
    } catch (JsonProcessingException e) {
      throw new DocumentException(
          Reason.DOCUMENT_UNREADABLE,
          "not valid JSON%s: %s".formatted(placeOf(e), e.getOriginalMessage()),
          e);
    }
  }

  private static String placeOf(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
  }

  private static void xml(Path file, ParseRules rules, TextBuilder text)
      throws IOException, SAXException {
    Charset declared = HtmlCharset.declared(file);
    boolean isOther = declared != null && !declared.name().startsWith("UTF-");
    if (isOther) {
      Xml.parse(file, text, rules.maxNestingDepth());
      return;
    }
    // The declaration of UTF-8 is not always true, and some programs leave blank lines before it.
    try (Reader in = Charsets.open(file, null)) {
      skipBlanks(in);
      Xml.parse(in, text, rules.maxNestingDepth());
    }
  }

  private static void skipBlanks(Reader in) throws IOException {
    do {
      in.mark(1);
    } while (Character.isWhitespace(in.read()));
    in.reset();
  }
}
