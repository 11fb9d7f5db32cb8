package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/**
 * The text of a mail. What it quotes from an earlier mail is marked as quoted, because that mail
 * says it, too.
 */
final class MailBody {
  private static final Pattern MARKS = Pattern.compile("\\s?(?:>\\s?)+");

  /** "On Monday, Ann wrote:", in several languages. */
  private static final Pattern ATTRIBUTION =
      Pattern.compile(
          ".{0,300}\\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|skrev|escreveu|пишет)\\s*:");

  /** The line above an earlier mail that is quoted as a whole. */
  private static final Pattern ORIGINAL =
      Pattern.compile(
          "-{3,}\\s*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original"
              + "|messaggio originale|oorspronkelijk bericht|mensagem original)\\s*-{3,}",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern SENDER =
      Pattern.compile("\\*?(?:From|Von|De|Da|Van|Från|Fra)\\s?:.*");
  private static final Pattern SENT =
      Pattern.compile(
          "\\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Inviato|Verzonden|Skickat|Sendt)\\s?:.*");

  private final TextBuilder text;
  private final List<String> paragraph = new ArrayList<>();
  private String heldSender = "";
  private int depth;
  private boolean isRestQuoted;

  private MailBody(TextBuilder text) {
    this.text = text;
  }

  /** Writes a body of plain text. */
  static void plain(Reader in, TextBuilder text) throws IOException {
    MailBody body = new MailBody(text);
    TextLines.each(in, body::line);
    body.releaseSender();
    body.endParagraph();
    text.quoted(false);
  }

  private void line(String line) {
    Matcher quoted = MARKS.matcher(line);
    String markPart = quoted.lookingAt() ? quoted.group() : "";
    String unmarked = line.substring(markPart.length());
    int marks = (int) markPart.chars().filter(c -> c == '>').count();
    if (!heldSender.isEmpty()) {
      isRestQuoted |= marks == 0 && SENT.matcher(unmarked).matches();
      releaseSender();
    }
    if (marks == 0 && !isRestQuoted) {
      if (ORIGINAL.matcher(unmarked.strip()).matches()) {
        isRestQuoted = true;
        return;
      }
      if (SENDER.matcher(unmarked).matches()) {
        heldSender = unmarked;
        return;
      }
    }
    boolean isAttribution = marks == 0 && ATTRIBUTION.matcher(unmarked.strip()).matches();
    add(unmarked, isRestQuoted || isAttribution ? Math.max(1, marks) : marks);
  }

  /** Adds the line of a sender, now that the line below it has shown whether it is quoted. */
  private void releaseSender() {
    String sender = heldSender;
    heldSender = "";
    if (!sender.isEmpty()) {
      add(sender, isRestQuoted ? 1 : 0);
    }
  }

  private void add(String words, int marks) {
    if (words.isBlank() || marks != depth) {
      endParagraph();
    }
    depth = words.isBlank() && marks == 0 ? depth : marks;
    if (!words.isBlank()) {
      paragraph.add(words);
    }
  }

  private void endParagraph() {
    text.quoted(depth > 0);
    PlainParagraph.write(paragraph, text);
    paragraph.clear();
  }

  /** Writes a body of HTML, first its own text and then what it quotes. */
  static void html(String content, TextBuilder text) {
    Document page = Jsoup.parse(content);
    Html.mail(page, QuotedElements.of(page), text);
  }

  /** Returns how many words a reader sees in HTML. */
  static int wordsInHtml(String content) {
    return TextCount.words(Jsoup.parse(content).body().text());
  }
}
