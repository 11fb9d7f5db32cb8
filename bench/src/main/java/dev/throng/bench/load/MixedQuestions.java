package dev.throng.bench.load;

import dev.throng.bench.rig.NewQuestions;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Questions of which a given share was asked before, and all others are new. */
final class MixedQuestions implements QuestionSource {
  private static final int REPEATED = 50;

  private final double repeatedShare;
  private final List<String> texts;
  private final NewQuestions fresh;

  MixedQuestions(double repeatedShare) throws IOException {
    this.repeatedShare = repeatedShare;
    this.texts = Questions.texts(REPEATED);
    this.fresh = new NewQuestions(texts, "case");
  }

  /** Returns the bodies of all questions that are repeated. */
  List<String> repeated() {
    return texts.stream().map(Questions::body).toList();
  }

  @Override
  public String next(boolean isStreamed) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    boolean isRepeated = random.nextDouble() < repeatedShare;
    String text = isRepeated ? texts.get(random.nextInt(REPEATED)) : fresh.next();
    return Questions.body(text, isStreamed);
  }
}
