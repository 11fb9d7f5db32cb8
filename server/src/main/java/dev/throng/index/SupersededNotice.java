package dev.throng.index;

import java.util.regex.Pattern;

/** Finds the notice by which a document says that it is no longer in force. */
final class SupersededNotice {
  /** Such a notice stands at the beginning. Further down, it is about another document. */
  static final int HEAD_CHARS = 800;

  private static final int FLAGS =
      Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.MULTILINE;

  /** A line that is marked: "ARCHIVED. ...", "Superseded by edition 5". */
  private static final Pattern MARK =
      Pattern.compile(
          "^[\\W_]{0,4}(?:(?:archived|superseded|obsolete|withdrawn|outdated|deprecated|repealed"
              + "|expired|no longer (?:valid|in force)"
              + "|archiviert|veraltet|überholt|aufgehoben|ungültig|nicht mehr gültig)"
              + "(?:\\s*[.:!*_)\\]]|\\s*$|\\s+[-–—]\\s)"
              + "|(?:superseded|replaced) (?:by|on|since)\\b|ersetzt durch\\b)",
          FLAGS);

  /** A sentence about the document itself. */
  private static final Pattern SENTENCE =
      Pattern.compile(
          "\\b(?:this|these) (?:[\\w-]+ ){1,4}?(?:is|are|was|were|has been|have been)"
              + " (?:now |since )?(?:superseded|replaced|withdrawn|archived|repealed|obsolete"
              + "|outdated|no longer (?:valid|in force|applicable|current))\\b"
              + "|\\b(?:it|they) (?:has|have) been (?:superseded|replaced|withdrawn|repealed)"
              + " (?:by (?!this|the present)|on|since)"
              + "|\\b(?:it|they) (?:was|were) (?:superseded|withdrawn|repealed)"
              + " (?:by (?!this|the present)|on|in)"
              + "|\\bdo not use (?:the|any|these)?(?: \\w+){0,5} below\\b"
              + "|\\bdiese[rs]? (?:[\\w-]+ ){1,3}?(?:ist|sind|wurden?|gilt|gelten)"
              + " (?:[\\w.]+ ){0,4}?(?:ersetzt|aufgehoben|ungültig|veraltet|überholt|nicht mehr"
              + "|außer Kraft)(?!\\w)",
          FLAGS | Pattern.UNICODE_CHARACTER_CLASS);

  private SupersededNotice() {}

  /** Returns whether the head of a document has such a notice. */
  static boolean isIn(String head) {
    String checked = head.substring(0, Math.min(HEAD_CHARS, head.length()));
    return MARK.matcher(checked).find() || SENTENCE.matcher(checked).find();
  }
}
