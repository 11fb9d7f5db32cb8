package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.fail;

import dev.throng.parser.api.DocumentException;
import dev.throng.parser.api.ParseRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.tika.exception.TikaException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

/**
 * A document of twice the length takes at most 2.5 times the CPU time, whatever its content. Each
 * case repeats something that a parser or a regular expression may examine more than once.
 */
@Timeout(180)
final class GrowthTest {
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

  @TempDir private static Path folder = Path.of("");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final List<Formats> FORMATS = new ArrayList<>();

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

  private static Stream<Case> of(String name, String... repeated) {
    return Stream.of(repeated)
        .flatMap(part -> Stream.of(new Case(name, "", part, ""), new Case(name, "x ", part, " x")));
  }

  static Stream<Case> texts() {
    return Stream.concat(markup(), plainTexts());
  }

  private static Stream<Case> markup() {
    return Stream.of(
            of(
                "a.md",
                "#",
                "*a",
                "_",
                "[",
                "![",
                "(",
                "`",
                "|",
                "| a ",
                "> ",
                "- ",
                "<",
                "</",
                "&",
                "\\",
                "~",
                "<a",
                "[a](",
                "[a]: b\n",
                "***a",
                "a\n=\n",
                "| a | b |\n",
                "1. a\n"),
            of(
                "a.rst",
                "=",
                "===\n",
                "+-",
                "+--+\n",
                "| a ",
                "|\n",
                ".. a::\n",
                "..",
                "  ",
                "\n* - a",
                "= =\n",
                "`",
                "a\n-\n"),
            of("a.org", "*", "* a\n", "|", "| a |\n", "#+", "-", "  ", "[[a]"))
        .flatMap(cases -> cases);
  }

  private static Stream<Case> plainTexts() {
    return Stream.of(
            of(
                "a.txt", "\0", " ", "\n", "\n \t", "\r\n\r", "1 1", "1", "a:", "From ", "\u00e4 ",
                "x"),
            of("a.csv", "\"", ",", ";", "\"a\",", "a,b\n", "\"\"", "\t", "\r"),
            of(
                "a.eml",
                "a: b\n",
                "a: b\n c\n",
                "=?utf-8?q?a?=",
                "--b\n",
                "=\n",
                " ",
                "Received: x\n",
                "a@b, "))
        .flatMap(cases -> cases);
  }

  static Stream<Case> framed() {
    String page = "<html><body>";
    String mail = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n";
    return Stream.of(
        new Case("a.md", "---\ntitle: a", " ", "b\n---\n# x\n"),
        new Case("a.md", "---\n", "a: b\n", "---\n# x\n"),
        new Case("a.md", "---\n", "---  x\n", "text"),
        new Case("a.html", "<meta charset=", " ", "?"),
        new Case("a.html", "", "<meta charset=", "?"),
        new Case("a.html", "", "<!--", ""),
        new Case("a.html", page, "<b>", "x"),
        new Case("a.html", page, "<p>a", "x"),
        new Case("a.html", page, "&amp;", "x"),
        new Case("a.html", page, "<a ", "x"),
        new Case("a.html", page + "<table>", "<tr><td>a<td>b", "</table>"),
        new Case("a.html", page + "<pre>", "a\n", "</pre>"),
        new Case("a.html", page, "<li>a", ""),
        new Case("a.html", page, "<table><tr><td rowspan=9>a", ""),
        new Case("a.json", "[", "1,", "1]"),
        new Case("a.json", "[", "{\"a\":\"b\"},", "1]"),
        new Case("a.json", "{\"a\":\"", "x ", "\"}"),
        new Case("a.json", "", "{\"a\": 1}\n", ""),
        new Case("a.xml", "<a>", "<b>x</b>", "</a>"),
        new Case("a.xml", "<a>", "<!-- x -->", "</a>"),
        new Case("a.xml", "<a>", "x &lt; ", "</a>"),
        new Case("a.xml", "", "\n", "<?xml version='1.0'?><a>x</a>"),
        new Case("a.eml", mail, "--b\n\nx\n", "--b--\n"),
        new Case("a.eml", mail, "--b--\n", "x"),
        new Case("a.eml", "From: a@b.example\nSubject: ", "=?utf-8?q?a?= ", "\n\nx"),
        new Case("a.rtf", "{\\rtf1 ", "{", "x}"),
        new Case("a.rtf", "{\\rtf1 ", "\\par x", "}"),
        new Case("a.rtf", "{\\rtf1 ", "\\'e4", "}"),
        new Case("a.rtf", "{\\rtf1 ", "\\trowd x\\cell\\row ", "}"));
  }

  static Stream<Case> slides() {
    return Stream.of(
        new Case("p.xml", "<p:sldId ", "w", ""),
        new Case("p.xml", "", "<p:sldId ", ""),
        new Case("p.xml", "", "<p:sldId r:id='a'/>", ""),
        new Case("p.xml", "", ">", ""),
        new Case("p.xml", "", "<a", ">"),
        new Case("p.xml", "<p:sldId r:id", " ", ">"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void textGrowsSteadily(Case document) throws Exception {
    assertSteady(document, this::parse);
  }

  @ParameterizedTest
  @MethodSource("framed")
  void markupGrowsSteadily(Case document) throws Exception {
    assertSteady(document, this::parse);
  }

  private static byte[] zip(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("slides")
  void orderOfSlidesGrowsSteadily(Case part) throws Exception {
    assertSteady(
        part,
        (name, content) -> {
          byte[] xml = content.getBytes(StandardCharsets.UTF_8);
          Map<String, byte[]> parts = new LinkedHashMap<>();
          parts.put("ppt/presentation.xml", xml);
          parts.put(
              "ppt/_rels/presentation.xml.rels",
              content.replace("sldId", "Relationship").getBytes(StandardCharsets.UTF_8));
          Path file = Files.write(folder.resolve("a.pptx"), zip(parts));
          Path ordered = SlideOrder.inOrder(file);
          if (!ordered.equals(file)) {
            Files.delete(ordered);
          }
        });
  }

  private interface Work {
    void run(String name, String content) throws Exception;
  }

  private void parse(String name, String content) throws Exception {
    if (FORMATS.isEmpty()) {
      FORMATS.add(new Formats());
    }
    Path file = Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
    try {
      FORMATS
          .getFirst()
          .parse(
              file,
              name,
              RULES,
              new TextBuilder(RULES.maxTextChars(), block -> {}),
              new ArrayList<>());
    } catch (DocumentException | IOException | SAXException | TikaException e) {
      return; // refused; the time of a refusal counts, too
    }
  }

  private static void assertSteady(Case document, Work work) throws Exception {
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
      Growth growth = measure(document, times, work);
      if (isSteady(growth.single(), growth.twice())) {
        return;
      }
      seen.append(
          "%.1f ms for %d times, %.1f ms for twice as many; "
              .formatted(growth.single() / 1e6, times, growth.twice() / 1e6));
    }
    fail(document + ": " + seen);
  }

  /** Nanoseconds of CPU, each the best of its runs. */
  private record Growth(long single, long twice) {}

  private static Growth measure(Case document, int times, Work work) throws Exception {
    long single = Long.MAX_VALUE;
    long twice = Long.MAX_VALUE;
    for (int i = 0; i < RUNS && !isSteady(single, twice); i++) {
      single = Math.min(single, cpuNanos(document, times, work));
      twice = Math.min(twice, cpuNanos(document, 2 * times, work));
    }
    return new Growth(single, twice);
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
