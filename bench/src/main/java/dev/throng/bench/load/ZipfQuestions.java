package dev.throng.bench.load;

import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** The questions that users ask: a few of them often, most of them seldom. */
final class ZipfQuestions implements QuestionSource {

  /** How many questions were asked, and how many of them had been asked before. */
  record Count(long asked, long repeated) {
    /** Returns the share of the questions since then that had been asked before. */
    double repeatedSince(Count then) {
      long more = asked - then.asked;
      return more == 0 ? 0 : (double) (repeated - then.repeated) / more;
    }
  }

  private final List<String> texts;
  private final double[] cumulative;
  private final AtomicIntegerArray times;
  private final LongAdder asked = new LongAdder();
  private final LongAdder repeated = new LongAdder();

  ZipfQuestions(int count, double exponent) throws IOException {
    this.texts = Questions.texts(count);
    this.cumulative =
        IntStream.rangeClosed(1, count).mapToDouble(n -> Math.pow(n, -exponent)).toArray();
    Arrays.parallelPrefix(cumulative, Double::sum);
    this.times = new AtomicIntegerArray(count);
  }

  @Override
  public String next(boolean isStreamed) {
    double at = ThreadLocalRandom.current().nextDouble(cumulative[cumulative.length - 1]);
    int found = Arrays.binarySearch(cumulative, at);
    int number = found < 0 ? -found - 1 : found;
    asked.increment();
    if (times.getAndIncrement(number) > 0) {
      repeated.increment();
    }
    return Questions.body(texts.get(number), isStreamed);
  }

  /** Returns the counts so far. */
  Count count() {
    return new Count(asked.sum(), repeated.sum());
  }
}
