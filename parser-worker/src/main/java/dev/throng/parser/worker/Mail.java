package dev.throng.parser.worker;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.DocumentException.Reason;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.field.LenientFieldParser;
import org.apache.james.mime4j.message.DefaultBodyDescriptorBuilder;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.util.MimeUtil;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * Parses mails (RFC 5322, MIME) with Apache James: sender, recipients and date, then the best of
 * the alternative bodies in its declared charset, then attachments, and mails inside the mail in
 * the same way.
 */
final class Mail extends AbstractContentHandler {
  private static final List<String> SHOWN = List.of("from", "to", "cc", "date");

  /** Parts without content for a reader. */
  private static final Set<String> IGNORED_TYPES =
      Set.of(
          "application/pgp-signature",
          "application/pkcs7-signature",
          "application/x-pkcs7-signature");

  /** Maximum depth of mails inside each other, as a fraction of the maximum depth of elements. */
  private static final int DEPTH_DIVISOR = 10;

  /** Plain text with more than this many times the words of the HTML is the content. */
  private static final int MIN_SHARE = 2;

  private static final int MAX_HEADERS = 10_000;
  private static final int MAX_HEADER_BYTES = 1 << 20;

  /** A leaf of the mail, decoded, on disk. */
  private record Part(Path file, String type, @Nullable String charset, String name) {
    static final int PLAIN = 2;

    /**
     * Returns the rank among alternatives. The best one has the richest layout, but is not
     * machine-readable data.
     */
    int rank() {
      return switch (type) {
        case "text/html" -> 3;
        case "text/plain" -> PLAIN;
        case "text/calendar" -> 0;
        default -> 1;
      };
    }

    /** Returns how many words it shows; 0 if it is not text. */
    int words() throws IOException {
      if (!type.startsWith("text/")) {
        return 0;
      }
      String content =
          Charsets.decode(Files.readAllBytes(file), Charsets.of(file, HtmlCharset.named(charset)));
      return type.equals("text/html") ? MailBody.wordsInHtml(content) : TextCount.words(content);
    }
  }

  /** A multipart that is being read. For alternatives, the parts of each child are held. */
  private static final class Multipart {
    private final boolean isAlternative;
    private final List<List<Part>> children = new ArrayList<>();

    Multipart(boolean isAlternative) {
      this.isAlternative = isAlternative;
    }
  }

  private final TextBuilder text;
  private final Markup markup;
  private final Sax sax;
  private final Embedded embedded;
  private final ParseRules rules;
  private final Deque<Multipart> multiparts = new ArrayDeque<>();
  private final Map<String, String> headers = new LinkedHashMap<>();
  private int messages;
  private int parts;
  private boolean isMessageHeader;

  private Mail(TextBuilder text, Embedded embedded, ParseRules rules) {
    this.text = text;
    this.markup = new Markup(text);
    this.sax = new Sax(markup);
    this.embedded = embedded;
    this.rules = rules;
  }

  /**
   * Writes a mail's text and that of its attachments.
   *
   * @throws DocumentException when it exceeds a limit
   */
  static void parse(Path file, TextBuilder text, Embedded embedded, ParseRules rules)
      throws IOException {
    MimeConfig config =
        new MimeConfig.Builder()
            .setMaxLineLen(-1) // some mails contain pages without line ends
            .setMaxHeaderLen(MAX_HEADER_BYTES)
            .setMaxHeaderCount(MAX_HEADERS)
            .build();
    MimeStreamParser parser =
        new MimeStreamParser(
            config,
            null,
            new DefaultBodyDescriptorBuilder(
                null, LenientFieldParser.getParser(), DecodeMonitor.SILENT));
    parser.setContentHandler(new Mail(text, embedded, rules));
    parser.setContentDecoding(true);
    parser.setRecurse();
    try (InputStream in = Files.newInputStream(file)) {
      parser.parse(in);
    } catch (MimeException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void startMessage() {
    if (++messages > rules.maxNestingDepth() / DEPTH_DIVISOR) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_DEEP,
          "more than %d nested mails".formatted(rules.maxNestingDepth() / DEPTH_DIVISOR));
    }
    isMessageHeader = true;
    headers.clear();
  }

  @Override
  public void endMessage() {
    messages--;
  }

  @Override
  public void startBodyPart() {
    isMessageHeader = false;
    Multipart around = multiparts.peek();
    if (around != null && around.isAlternative) {
      around.children.add(new ArrayList<>());
    }
  }

  @Override
  public void field(Field field) {
    if (isMessageHeader) {
      String value =
          DecoderUtil.decodeEncodedWords(
              MimeUtil.unfold(String.valueOf(field.getBody())), DecodeMonitor.SILENT);
      headers.merge(
          field.getName().toLowerCase(Locale.ROOT), value.strip(), (a, b) -> a + ", " + b);
    }
  }

  @Override
  public void endHeader() {
    if (!isMessageHeader) {
      return;
    }
    isMessageHeader = false;
    String subject = headers.getOrDefault("subject", "");
    if (messages == 1) {
      text.heading(1, subject);
    } else if (!subject.isEmpty()) {
      text.part(subject);
    }
    for (String name : SHOWN) {
      String value = headers.get(name);
      if (value != null && !value.isBlank()) {
        text.paragraph(
            name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + ": " + value);
      }
    }
  }

  @Override
  public void startMultipart(BodyDescriptor descriptor) {
    if (multiparts.size() >= rules.maxNestingDepth()) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_DEEP, "more than %d nested parts".formatted(rules.maxNestingDepth()));
    }
    multiparts.push(new Multipart(descriptor.getMimeType().equals("multipart/alternative")));
  }

  @Override
  public void endMultipart() throws MimeException {
    Multipart ended = multiparts.poll();
    try {
      for (Part part : ended == null ? List.<Part>of() : best(ended.children)) {
        hold(part);
      }
    } catch (IOException e) {
      throw new MimeException(e);
    }
  }

  /**
   * Returns the alternative with the richest layout. HTML that says much less than the plain text
   * is only there to be looked at.
   */
  private static List<Part> best(List<List<Part>> alternatives) throws IOException {
    List<Part> best = List.of();
    List<Part> plain = List.of();
    int most = -1;
    for (List<Part> child : alternatives) {
      int rank = child.stream().mapToInt(Part::rank).max().orElse(-1);
      if (rank >= most) { // of equal ranks the last is the richest (RFC 2046, 5.1.4)
        most = rank;
        best = child;
      }
      plain = rank == Part.PLAIN ? child : plain;
    }
    return !plain.isEmpty() && most > Part.PLAIN && words(plain) > MIN_SHARE * words(best)
        ? plain
        : best;
  }

  private static int words(List<Part> parts) throws IOException {
    int words = 0;
    for (Part part : parts) {
      words += part.words();
    }
    return words;
  }

  @Override
  public void body(BodyDescriptor descriptor, InputStream in) throws IOException {
    if (++parts > rules.maxEntries()) {
      throw new DocumentException(
          Reason.DOCUMENT_TOO_MANY_ENTRIES, "more than %d parts".formatted(rules.maxEntries()));
    }
    String type = descriptor.getMimeType().toLowerCase(Locale.ROOT);
    if (IGNORED_TYPES.contains(type)) {
      return;
    }
    Path file = Files.createTempFile("part", ".bin");
    try (var out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    hold(new Part(file, type, descriptor.getCharset(), name(descriptor)));
  }

  private static String name(BodyDescriptor descriptor) {
    if (!(descriptor instanceof MaximalBodyDescriptor described)) {
      return "";
    }
    String name = described.getContentDispositionFilename();
    if (name == null) {
      name = described.getContentTypeParameters().get("name");
    }
    boolean isAttachment = "attachment".equalsIgnoreCase(described.getContentDispositionType());
    if (name == null) {
      return isAttachment ? "attachment" : "";
    }
    return DecoderUtil.decodeEncodedWords(name, DecodeMonitor.SILENT);
  }

  /** Holds a part of an alternative, or writes it. */
  private void hold(Part part) throws IOException {
    for (Multipart around : multiparts) {
      if (around.isAlternative && !around.children.isEmpty()) {
        around.children.getLast().add(part);
        return;
      }
    }
    write(part);
  }

  private void write(Part part) throws IOException {
    boolean isBody = part.name().isEmpty();
    Charset declared = HtmlCharset.named(part.charset());
    if (isBody && part.type().equals("text/html")) {
      Charset charset = Charsets.of(part.file(), declared);
      MailBody.html(Charsets.decode(Files.readAllBytes(part.file()), charset), text);
    } else if (isBody && part.type().equals("text/plain")) {
      try (Reader in = Charsets.open(part.file(), declared)) {
        MailBody.plain(in, text);
      }
    } else {
      attachment(part);
    }
    Files.deleteIfExists(part.file());
  }

  private void attachment(Part part) throws IOException {
    Metadata metadata = new Metadata();
    metadata.set(Metadata.CONTENT_TYPE, part.type());
    if (!part.name().isEmpty()) {
      metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, part.name());
    }
    if (!embedded.shouldParseEmbedded(metadata)) {
      return;
    }
    try (TikaInputStream in = TikaInputStream.get(part.file())) {
      BombGuard guard = new BombGuard(sax, Files.size(part.file()));
      embedded.parseEmbedded(in, guard, metadata, false);
    } catch (SAXException e) {
      throw new IOException(e);
    }
    markup.finish();
  }
}
