package dev.throng.backend.extractive;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A kind of answer that a question asks for: "how long" asks for a time. It is known by words of
 * English and German; questions in other languages have no kind, and lose nothing by it.
 */
enum AnswerKind {
  NUMBER(
      1,
      "\\bhow (?:many|long|much|high|big|large|far|fast|soon|heavy|tall|thick|hot|expensive)\\b"
          + "|\\b(?:numbers?|length|count|size|price|costs?|fees?|rates?|limit|budget|allowance"
          + "|salary)\\b"
          + "|\\bwie ?(?:viele?|lange?|oft|hoch|schnell|weit|gross|groß|schwer|teuer)\\b"
          + "|\\b(?:nummer|anzahl|länge|preis|kosten|kostet|gebühr)\\b",
      "\\d|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
          + "|fifteen|sixteen|twenty|thirty|forty|fifty|sixty|hundred|thousand|half|once|twice"
          + "|eine?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend)\\b"),
  MONEY(
      0.5,
      "\\bhow (?:much|expensive)\\b"
          + "|\\b(?:price|costs?|fees?|budget|money|bonus|euros?|dollars?|rates?|salary|pay|paid"
          + "|earn|limit|allowance|charges?|supplement)\\b"
          + "|\\bwie ?(?:viel|teuer)\\b|\\b(?:kostet|kosten|preis|gebühr|geld|gehalt)\\b",
      "\\p{Sc}|%|\\b(?:euros?|eur|dollars?|usd|pounds?|francs?|free|per cent|prozent|kostenlos)\\b"),
  TIME(
      0.8,
      "\\bhow (?:long|soon|fast|often|late|early|old)\\b|\\bwhen\\b|\\bwhat time\\b"
          + "|\\b(?:deadline|duration|length|period|last|next|first)\\b"
          + "|\\bwann\\b|\\bwie ?(?:lange|oft|früh|spät)\\b|\\b(?:frist|dauer)\\b",
      "\\d:\\d\\d|\\b(?:19|20)\\d\\d\\b|\\d(?:st|nd|rd|th)\\b"
          + "|\\b(?:minutes?|hours?|days?|weeks?|months?|years?|daily|weekly|monthly|yearly"
          + "|january|february|march|april|may|june|july|august|september|october|november"
          + "|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
          + "|before|after|until|within|once|immediately"
          + "|minuten?|stunden?|tagen?|wochen?|monaten?|monats|jahren?|täglich|sofort|uhr)\\b"),
  DECISION(
      0.5,
      "^(?:can|may|am|is|are|do|does|must|should|could|will|has|have|did)\\b"
          + "|\\ballowed\\b|\\b(?:do|can|may|must) (?:i|we)\\b"
          + "|^(?:darf|dürfen|kann|können|muss|müssen|soll|ist|sind|gibt|hat|haben)\\b",
      "\\b(?:may|must|allowed|not|no|only|never|cannot|can|forbidden|prohibited|need|without|unless"
          + "|yes|except|darf|dürfen|nicht|nur|verboten|muss|müssen|kein|keine|keinen|erlaubt)\\b");

  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  private final double weight;
  private final Pattern question;
  private final Pattern answer;

  AnswerKind(double weight, String question, String answer) {
    this.weight = weight;
    this.question = Pattern.compile(question, FLAGS);
    this.answer = Pattern.compile(answer, FLAGS);
  }

  /** Returns the kinds that a question asks for. */
  static Set<AnswerKind> of(String question) {
    Set<AnswerKind> kinds = EnumSet.noneOf(AnswerKind.class);
    String asked = question.strip();
    for (AnswerKind kind : values()) {
      if (kind.question.matcher(asked).find()) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /** Returns the weight of the kinds in an answer. */
  double weight() {
    return weight;
  }

  /** Returns whether a text can contain an answer of this kind. */
  boolean isIn(String text) {
    return answer.matcher(text).find();
  }
}
