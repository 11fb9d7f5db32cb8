package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParseRules;
import dev.throng.parser.api.ParserProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.zip.UnsupportedZipFeatureException;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.BodyContentHandler;
import org.apache.tika.sax.ContentHandlerDecorator;
import org.apache.tika.sax.EmbeddedContentHandler;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Documents inside a document: attachments, embedded sheets, members of an archive. Their number
 * and depth are limited. One that cannot be read causes only a warning, because the document around
 * it is usable.
 */
final class Embedded implements EmbeddedDocumentExtractor {
  /**
   * Maximum depth of documents inside each other, as a fraction of the maximum depth of elements.
   */
  private static final int DEPTH_DIVISOR = 10;

  /** The end of the warning about an encrypted member. */
  static final String LOCKED = "it is encrypted";

  /** The notes of parsers about members of an archive that they skipped. */
  private static final Pattern ENCRYPTED_STREAM = Pattern.compile("stream \\((.*)\\) is encrypted");

  private static final Pattern UNSUPPORTED_ENTRY =
      Pattern.compile("Unsupported (.*) used in entry (.*)");

  private static final String NO_TEXT = "it has no text, like a scan";
  private static final String PDF = "application/pdf";
  private static final String ENTRY = "package-entry";

  private final Parser parser;
  private final ParseContext context;
  private final ParseRules rules;
  private final boolean isSole;
  private final List<String> warnings;
  private int entries;
  private int depth;

  /**
   * Creates an extractor.
   *
   * @param isSole whether there is at most one, which is the actual document: the content of a
   *     compressed file
   * @param warnings receives what is left out
   */
  Embedded(
      Parser parser,
      ParseContext context,
      ParseRules rules,
      boolean isSole,
      List<String> warnings) {
    this.parser = parser;
    this.context = context;
    this.rules = rules;
    this.isSole = isSole;
    this.warnings = warnings;
  }

  @Override
  public boolean shouldParseEmbedded(Metadata metadata) {
    if (++entries > rules.maxEntries()) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_MANY_ENTRIES,
          "it contains more than %d documents or members".formatted(rules.maxEntries()));
    }
    String type = String.valueOf(metadata.get(Metadata.CONTENT_TYPE));
    boolean isImage = type.startsWith("image/") || isImageName(name(metadata));
    boolean isMedia = type.startsWith("audio/") || type.startsWith("video/");
    return !isMedia && (!isImage || rules.isWithOcr());
  }

  @Override
  public void parseEmbedded(
      InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml)
      throws SAXException, IOException {
    if (depth >= rules.maxNestingDepth() / DEPTH_DIVISOR) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_DEEP,
          "more than %d documents inside each other"
              .formatted(rules.maxNestingDepth() / DEPTH_DIVISOR));
    }
    XHTMLContentHandler out = new XHTMLContentHandler(handler, metadata);
    out.startElement("div", "class", ENTRY);
    String name = name(metadata);
    if (!name.isEmpty()) {
      out.element("h1", name);
    }
    depth++;
    Words words = new Words(new BodyContentHandler(out));
    try (TikaInputStream in = TikaInputStream.get(CloseShieldInputStream.wrap(stream))) {
      if (stream instanceof TikaInputStream known && known.getOpenContainer() != null) {
        in.setOpenContainer(known.getOpenContainer()); // not a stream, for example a part of OLE
      }
      if (ZipContent.isAt(in)) {
        in.getPath(); // a stream would end at the first member of unknown length
      }
      parser.parse(in, new EmbeddedContentHandler(words), metadata, context);
      warnOfPassedOver(metadata);
      boolean isPdf = PDF.equals(metadata.get(Metadata.CONTENT_TYPE));
      if (isPdf && !words.isAny) {
        warnOf(name, rules.isWithOcr() ? NO_TEXT : NO_TEXT + " (`ingest.ocr` is false)");
      }
    } catch (EncryptedDocumentException e) {
      warnOf(name, LOCKED);
    } catch (TikaException | IOException | RuntimeException e) {
      DocumentException limit = Failures.limit(e);
      if (limit != null) {
        throw limit;
      }
      if (isSole && depth == 1) {
        throw Failures.classify(e);
      }
      warnOf(name, isLocked(e) ? LOCKED : Failures.rootMessage(e));
    } finally {
      depth--;
    }
    out.endElement("div");
  }

  /** Records whether anything but blanks arrives. */
  private static final class Words extends ContentHandlerDecorator {
    private boolean isAny;

    Words(ContentHandler out) {
      super(out);
    }

    @Override
    public void characters(char[] text, int start, int length) throws SAXException {
      for (int i = start; i < start + length && !isAny; i++) {
        isAny = !Character.isWhitespace(text[i]);
      }
      super.characters(text, start, length);
    }
  }

  /**
   * Adds warnings for members that a parser could not open and reported only in the metadata of the
   * whole document.
   */
  void warnOfPassedOver(Metadata whole) {
    for (String trace : whole.getValues(TikaCoreProperties.TIKA_META_EXCEPTION_EMBEDDED_STREAM)) {
      Matcher stream = ENCRYPTED_STREAM.matcher(trace);
      Matcher entry = UNSUPPORTED_ENTRY.matcher(trace);
      if (stream.find()) {
        warnOf(stream.group(1), LOCKED);
      } else if (entry.find()) {
        boolean isLocked = entry.group(1).contains("encryption");
        warnOf(entry.group(2), isLocked ? LOCKED : "it needs an unsupported " + entry.group(1));
      }
    }
  }

  private void warnOf(String name, String reason) {
    warn("the embedded document \"%s\" was left out: %s".formatted(name, reason));
  }

  void warn(String warning) {
    if (warnings.size() < ParserProtocol.MAX_WARNINGS) {
      warnings.add(warning);
    }
  }

  /** Returns whether a member of an archive is encrypted, which shows only when it is read. */
  private static boolean isLocked(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PasswordRequiredException) {
        return true;
      }
      if (cause instanceof UnsupportedZipFeatureException zip
          && UnsupportedZipFeatureException.Feature.ENCRYPTION.equals(zip.getFeature())) {
        return true;
      }
    }
    return false;
  }

  private static String name(Metadata metadata) {
    String name = metadata.get(TikaCoreProperties.RESOURCE_NAME_KEY);
    return name == null ? "" : name.substring(name.lastIndexOf('/') + 1);
  }

  private static boolean isImageName(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return List.of("png", "jpg", "jpeg", "gif", "emf", "wmf", "bmp", "tif", "tiff")
        .contains(ending);
  }
}
