package dev.throng.arch;

import dev.throng.config.ConfigLoader;
import dev.throng.http.Problems;
import dev.throng.observe.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** docs/reference matches the code; {@code -Dthrong.write-docs=true} writes it again. */
final class ReferenceDocumentsTest {
  private static final Map<String, String> DOCUMENTS =
      Map.of(
          "config.md", ConfigLoader.referenceMarkdown(),
          "errors.md", Problems.referenceMarkdown(),
          "metrics.md", Metric.referenceMarkdown());

  @TestFactory
  Stream<DynamicTest> referenceDocumentsAreCurrent() {
    return DOCUMENTS.entrySet().stream()
        .map(document ->
            DynamicTest.dynamicTest(
                document.getKey(), () -> check(document.getKey(), document.getValue())));
  }

  private static void check(String name, String generated) throws IOException {
    Path file = Sources.repository().resolve("docs/reference").resolve(name);
    GeneratedDocument.check(file, generated, ReferenceDocumentsTest.class);
  }
}
