package dev.throng.index;

import java.util.SplittableRandom;

/** Markdown with every kind of block, from words that are difficult for a tokenizer. */
final class RandomDocument {
  private static final String[] WORDS = {
    "the",
    "policy",
    "unbelievably",
    "Donaudampfschifffahrtsgesellschaft",
    "日本語の文章",
    "naïve",
    "한국어",
    "€1,250.50",
    "x=y+z;",
    "😀👍🏽",
    "https://example.org/a/b?c=d&e=f",
    "ﬁnal",
    "½",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "end.",
    "Is it?",
    "İstanbul",
    "(see",
    "[1])",
    "e.g.",
    "a\u0301b",
    "العربية",
    "-",
    "3.14",
    "snake_case_name"
  };

  private final SplittableRandom random;

  RandomDocument(SplittableRandom random) {
    this.random = random;
  }

  String markdown() {
    StringBuilder text = new StringBuilder("start\n\n");
    for (int blocks = random.nextInt(1, 25); blocks > 0; blocks--) {
      addBlock(text);
      text.append("\n\n");
    }
    return text.toString();
  }

  private void addBlock(StringBuilder text) {
    switch (random.nextInt(7)) {
      case 0, 1 -> text.repeat('#', random.nextInt(1, 7)).append(' ').append(words(6));
      case 2 -> {
        for (int items = random.nextInt(1, 8); items > 0; items--) {
          text.append("- ").append(words(30)).append('\n');
        }
      }
      case 3 -> {
        text.append("| a | b |\n|---|---|\n");
        for (int rows = random.nextInt(1, 12); rows > 0; rows--) {
          text.append("| ").append(words(8)).append(" | ").append(words(20)).append(" |\n");
        }
      }
      case 4 -> text.append("```\n").append(words(80)).append("\n```");
      case 5 -> text.append(words(300));
      default -> text.append(words(40));
    }
  }

  private String words(int most) {
    StringBuilder words = new StringBuilder();
    for (int i = random.nextInt(1, most + 1); i > 0; i--) {
      words.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return words.toString().strip();
  }
}
