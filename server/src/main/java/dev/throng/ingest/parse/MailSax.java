package dev.throng.ingest.parse;

import org.apache.tika.metadata.Message;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * As {@link Sax}, for a mail: its subject as heading and who wrote it to whom come first. Tika
 * knows them when the first element begins, and writes none of them.
 */
final class MailSax extends DefaultHandler {
  private final Sax sax;
  private final Markup markup;
  private final Metadata metadata;
  private boolean isStarted;

  MailSax(Markup markup, Metadata metadata) {
    this.sax = new Sax(markup);
    this.markup = markup;
    this.metadata = metadata;
  }

  @Override
  public void startElement(String uri, String localName, String qName, Attributes attributes) {
    if (!isStarted && localName.equals("body")) {
      isStarted = true;
      markup.begin("h1", 1);
      markup.text(orEmpty(subject()));
      markup.end("h1");
      line("From", metadata.getValues(Message.MESSAGE_FROM));
      line("To", metadata.getValues(Message.MESSAGE_TO));
      line("Cc", metadata.getValues(Message.MESSAGE_CC));
      line("Date", metadata.getValues(TikaCoreProperties.CREATED));
    }
    sax.startElement(uri, localName, qName, attributes);
  }

  @Override
  public void endElement(String uri, String localName, String qName) {
    sax.endElement(uri, localName, qName);
  }

  @Override
  public void characters(char[] chars, int start, int length) {
    sax.characters(chars, start, length);
  }

  @Override
  public void ignorableWhitespace(char[] chars, int start, int length) {
    sax.ignorableWhitespace(chars, start, length);
  }

  private @Nullable String subject() {
    String subject = metadata.get(TikaCoreProperties.SUBJECT);
    return subject == null ? metadata.get(TikaCoreProperties.TITLE) : subject;
  }

  private void line(String name, String[] values) {
    if (values.length > 0) {
      markup.begin("p", 1);
      markup.text(name + ": " + String.join(", ", values));
      markup.end("p");
    }
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
