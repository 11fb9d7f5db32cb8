package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.fail;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.ParseRules;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.apache.tika.exception.TikaException;
import org.xml.sax.SAXException;

/**
 * Compares the CPU time of a document with that of one twice as long, which must take at most 2.5
 * times as much.
 */
final class Growth {
  private static final double MAX_GROWTH = 2.5;

  /** Other programs on the machine disturb some runs; quadratic work fails all of them. */
  private static final int SERIES = 3;

  private static final int RUNS = 5;

  /** Shorter times cannot be measured. */
  private static final long MIN_NANOS = 40_000_000;

  private static final int FIRST_REPEATS = 1 << 12;

  /** A document that is read this quickly at this length grows slowly enough. */
  private static final int MAX_BYTES = 1 << 20;

  private static final ParseRules RULES =
      new ParseRules(100_000_000, 200, 10_000, true, false, "eng");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Path folder;
  private final Formats formats = new Formats();

  /**
   * @param folder of documents
   */
  Growth(Path folder) throws Exception {
    this.folder = folder;
  }

  /** A file that repeats the same content. */
  record Case(String name, String before, String repeated, String after) {
    String content(int times) {
      return before + repeated.repeat(times) + after;
    }

    @Override
    public String toString() {
      String shown = repeated.length() > 30 ? repeated.substring(0, 30) : repeated;
      return name + " " + before.lines().findFirst().orElse("") + " " + shown.replace("\0", "NUL");
    }
  }

  /** Returns documents that consist of such a part, with and without text around them. */
  static Stream<Case> of(String name, String... repeated) {
    return Stream.of(repeated)
        .flatMap(part -> Stream.of(new Case(name, "", part, ""), new Case(name, "x ", part, " x")));
  }

  /** What is measured for a document. */
  interface Work {
    void run(String name, String content) throws Exception;
  }

  /** Parsing a document of twice the length takes at most 2.5 times as long. */
  void assertParsedSteadily(Case document) throws Exception {
    assertSteady(document, this::parse);
  }

  private void parse(String name, String content) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
    try {
      formats.parse(
          file, name, RULES, new TextBuilder(RULES.maxTextChars(), block -> {}), new ArrayList<>());
    } catch (DocumentException | IOException | SAXException | TikaException e) {
      return; // refused; the time of a refusal counts, too
    }
  }

  /** Work on a document of twice the length takes at most 2.5 times as long. */
  static void assertSteady(Case document, Work work) throws Exception {
    int times = FIRST_REPEATS;
    long once = cpuNanos(document, times, work);
    while (once < MIN_NANOS && times * (long) document.repeated().length() < MAX_BYTES) {
      times *= 2;
      once = cpuNanos(document, times, work);
    }
    if (once < MIN_NANOS) {
      return;
    }
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < SERIES; i++) {
      Times measured = measure(document, times, work);
      if (isSteady(measured.single(), measured.twice())) {
        return;
      }
      seen.append(
          "%.1f ms for %d times, %.1f ms for twice as many; "
              .formatted(measured.single() / 1e6, times, measured.twice() / 1e6));
    }
    fail(document + ": " + seen);
  }

  /** Nanoseconds of CPU, each the best of its runs. */
  private record Times(long single, long twice) {}

  private static Times measure(Case document, int times, Work work) throws Exception {
    long single = Long.MAX_VALUE;
    long twice = Long.MAX_VALUE;
    for (int i = 0; i < RUNS && !isSteady(single, twice); i++) {
      single = Math.min(single, cpuNanos(document, times, work));
      twice = Math.min(twice, cpuNanos(document, 2 * times, work));
    }
    return new Times(single, twice);
  }

  private static boolean isSteady(long single, long twice) {
    return twice != Long.MAX_VALUE && (twice < MIN_NANOS || twice <= MAX_GROWTH * single);
  }

  private static long cpuNanos(Case document, int times, Work work) throws Exception {
    String content = document.content(times);
    long start = THREADS.getCurrentThreadCpuTime();
    work.run(document.name(), content);
    return THREADS.getCurrentThreadCpuTime() - start;
  }
}
