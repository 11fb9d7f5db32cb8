package dev.throng.parser.worker;

/** How much text an element contains, with that of the elements inside it. */
final class TextCount {
  private int words;
  private int linkWords;
  private int links;
  private int proseWords;
  private int headings;
  private int titles;
  private int legalLinks;
  private int namedLinks;
  private int options;
  private int fields;
  private int addresses;

  void addText(int count, boolean isLink) {
    words += count;
    linkWords += isLink ? count : 0;
  }

  void addLink(boolean hasAddress) {
    links++;
    addresses += hasAddress ? 1 : 0;
  }

  void addHeading(boolean isTitle) {
    headings++;
    titles += isTitle ? 1 : 0;
  }

  void addNamedLink() {
    namedLinks++;
  }

  void addLegalLink() {
    legalLinks++;
  }

  void addField() {
    fields++;
  }

  void addOption() {
    options++;
  }

  void addProse(int count) {
    proseWords += count;
  }

  void add(TextCount inner) {
    words += inner.words;
    linkWords += inner.linkWords;
    links += inner.links;
    proseWords += inner.proseWords;
    headings += inner.headings;
    titles += inner.titles;
    legalLinks += inner.legalLinks;
    namedLinks += inner.namedLinks;
    options += inner.options;
    fields += inner.fields;
    addresses += inner.addresses;
  }

  int words() {
    return words;
  }

  /** Returns how many words are in links to other pages or in buttons. */
  int linkWords() {
    return linkWords;
  }

  /** Returns how many links to other pages there are. */
  int links() {
    return links;
  }

  /** Returns how many words are in running text, which is not interrupted by a block. */
  int proseWords() {
    return proseWords;
  }

  int headings() {
    return headings;
  }

  int titles() {
    return titles;
  }

  /** Returns how many fields there are to write in. */
  int fields() {
    return fields;
  }

  /** Returns how many links have words, and not a picture only. */
  int namedLinks() {
    return namedLinks;
  }

  /** Returns how many links lead to what the law requires of every site. */
  int legalLinks() {
    return legalLinks;
  }

  int options() {
    return options;
  }

  /** Returns how many links have the address of another site. */
  int addresses() {
    return addresses;
  }

  /** Returns how many words a text has. An ideograph counts as one. */
  static int words(String text) {
    int words = 0;
    boolean isInWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isIdeograph = c >= '\u2e80' && Character.isLetter(c);
      boolean isWordChar = Character.isLetterOrDigit(c);
      words += (isWordChar && !isInWord) || isIdeograph ? 1 : 0;
      isInWord = isWordChar || (isInWord && !Character.isWhitespace(c));
    }
    return words;
  }
}
