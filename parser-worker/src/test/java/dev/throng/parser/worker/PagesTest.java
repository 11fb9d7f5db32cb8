package dev.throng.parser.worker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages that are no articles keep what their readers see, and lose what surrounds it.
 *
 * <p>A word is a run of letters and digits, regardless of case. The expected words of a page are
 * those of all text in its body except that of scripts, styles, templates and noscript, and that
 * between the comments {@code boilerplate} and {@code /boilerplate}. The alternative text of an
 * image counts where the image is all that a table's cell says, as a tick is, and so does the label
 * of an element that stands for an image (role "img"), as that of a rating. That of a photograph
 * and the title of a drawing are not seen. Other attributes, such as placeholders, do not count.
 * Recall is the share of the expected words, as a multiset, that the parsed text has. A word of
 * boilerplate is kept where the parsed text has it more often than expected and it stands between
 * the comments.
 */
final class PagesTest {
  private static final double MIN_RECALL = 0.99;
  private static final double MAX_BOILERPLATE = 0.35;
  private static final double MAX_MEAN_BOILERPLATE = 0.12;
  private static final int MIN_PAGES = 20;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  static List<Path> pages() throws IOException, URISyntaxException {
    Path folder = Path.of(PagesTest.class.getResource("/pages").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void keepsVisibleWordsWithoutBoilerplate(Path file) throws Exception {
    Result result = Result.of(file);
    assertTrue(result.recall() >= MIN_RECALL, result::toString);
    assertTrue(result.boilerplateShare() <= MAX_BOILERPLATE, result::toString);
  }

  @Test
  void keepsLittleBoilerplateOnAverage() throws Exception {
    List<Path> files = pages();
    double sum = 0;
    StringBuilder report = new StringBuilder();
    for (Path file : files) {
      Result result = Result.of(file);
      sum += result.boilerplateShare();
      report.append(result).append('\n');
    }
    assertTrue(files.size() >= MIN_PAGES, () -> files.size() + " pages");
    assertTrue(sum / files.size() <= MAX_MEAN_BOILERPLATE, report::toString);
  }

  /** How a page was read. */
  private record Result(
      String name, int expected, int read, List<String> missing, List<String> boilerplate) {
    static Result of(Path file) throws Exception {
      MarkedText marked = new MarkedText();
      NodeTraversor.traverse(marked, Jsoup.parse(Files.readString(file)).body());
      List<String> expected = words(marked.content);
      List<String> read = words(ParsedFile.of(file).text());
      List<String> excess = difference(read, expected);
      List<String> notKept = difference(words(marked.boilerplate), excess);
      List<String> kept = difference(words(marked.boilerplate), notKept);
      return new Result(
          file.getFileName().toString(),
          expected.size(),
          read.size(),
          difference(expected, read),
          kept);
    }

    double recall() {
      return 1 - (double) missing.size() / expected;
    }

    double boilerplateShare() {
      return (double) boilerplate.size() / Math.max(1, read);
    }

    @Override
    public String toString() {
      return "%s: recall %.3f, boilerplate %.3f%n  missing: %s%n  boilerplate kept: %s"
          .formatted(
              name,
              recall(),
              boilerplateShare(),
              String.join(" ", missing),
              String.join(" ", boilerplate));
    }
  }

  private static List<String> words(CharSequence text) {
    return WORD.matcher(text).results().map(word -> word.group().toLowerCase(Locale.ROOT)).toList();
  }

  /** Returns the words that one text has more often than another. */
  private static List<String> difference(List<String> words, List<String> others) {
    Map<String, Integer> left = new HashMap<>();
    others.forEach(word -> left.merge(word, 1, Integer::sum));
    List<String> difference = new ArrayList<>();
    for (String word : words) {
      if (left.merge(word, -1, Integer::sum) < 0) {
        difference.add(word);
      }
    }
    return difference;
  }

  /** Collects the text of a page on both sides of its marks. */
  private static final class MarkedText implements NodeVisitor {
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder boilerplate = new StringBuilder();
    private boolean isBoilerplate;

    @Override
    public void head(Node node, int depth) {
      StringBuilder text = isBoilerplate ? boilerplate : content;
      if (node instanceof Comment comment) {
        isBoilerplate = comment.getData().strip().equals("boilerplate");
      } else if (node instanceof TextNode words && !isUnseen(words)) {
        text.append(words.getWholeText()); // scripts and styles are data, not text
      } else if (node instanceof Element element) {
        separate(element, text);
        Element cell = element.closest("td, th, dd");
        boolean isAlone = cell != null && !cell.hasText();
        if (element.normalName().equals("img") && isAlone) {
          text.append(' ').append(element.attr("alt")).append(' ');
        } else if (element.attr("role").equals("img")) {
          text.append(' ').append(element.attr("aria-label")).append(' ');
        }
      }
    }

    private static boolean isUnseen(TextNode words) {
      Element parent = words.parent();
      return parent != null
          && (parent.nameIs("title") || parent.closest("noscript, template") != null);
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element) {
        separate(element, isBoilerplate ? boilerplate : content);
      }
    }

    /** Separates words, except where only an element of a word's letters begins or ends. */
    private static void separate(Element element, StringBuilder text) {
      boolean isInWord =
          List.of("b", "i", "em", "strong", "sub", "sup").contains(element.normalName());
      text.append(isInWord ? "" : " ");
    }
  }
}
