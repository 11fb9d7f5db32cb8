package dev.throng.parser.worker;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

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

  /** How mail programs mark the mail that they quote. */
  private static final String QUOTED =
      "blockquote[type=cite], .gmail_quote, .yahoo_quoted, .protonmail_quote, .moz-cite-prefix";

  /** Begins what Outlook quotes, which is not inside an element of its own. */
  private static final String OUTLOOK =
      "#divRplyFwdMsg, #appendonsend, div[style~=(?i)border(-top)?\\s*:\\s*(none;\\s*border-top\\s*:\\s*)?solid #(E1E1E1|B5C4DF)]";

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
    String unmarked = MARKS.matcher(line).lookingAt() ? withoutMarks(line) : line;
    int marks =
        (int)
            line.substring(0, line.length() - unmarked.length())
                .chars()
                .filter(c -> c == '>')
                .count();
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

  private static String withoutMarks(String line) {
    var marks = MARKS.matcher(line);
    return marks.lookingAt() ? line.substring(marks.end()) : line;
  }

  /** Writes a body of HTML, first its own text and then what it quotes. */
  static void html(String content, TextBuilder text) {
    Element body = Jsoup.parse(content).body();
    Element quoted = new Element("div");
    for (Element start : body.select(OUTLOOK)) {
      if (start.parent() != null) {
        Element next = start;
        while (next != null) {
          Element following = next.nextElementSibling();
          quoted.appendChild(next);
          next = following;
        }
      }
    }
    for (Element each : body.select(QUOTED)) {
      if (each.parents().stream().noneMatch(above -> above.is(QUOTED))) {
        quoted.appendChild(each);
      }
    }
    Html.fragment(body.html(), text);
    text.quoted(true);
    Html.fragment(quoted.html(), text);
    text.quoted(false);
  }

  /** Returns how many words a reader sees in HTML. */
  static int wordsInHtml(String content) {
    return wordsIn(Jsoup.parse(content).body().text());
  }

  /** Returns how many words a text has. */
  static int wordsIn(String content) {
    int words = 0;
    boolean isInWord = false;
    for (int i = 0; i < content.length(); i++) {
      boolean isOfWord = Character.isLetterOrDigit(content.charAt(i));
      words += isOfWord && !isInWord ? 1 : 0;
      isInWord = isOfWord;
    }
    return words;
  }
}
