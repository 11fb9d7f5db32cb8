package dev.throng.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigLoaderTest {
  /** Values of every type; each setting accepts one of them and shows it. */
  private static final List<String> VALUES =
      List.of(
          "true",
          "least-busy",
          "false",
          "7",
          "33",
          "300",
          "2000",
          "0.25",
          "shed",
          "tenant1=3",
          "7s",
          "7m",
          "3MiB",
          "300MiB",
          "127.0.0.2",
          "de",
          "json",
          "minilm",
          "extractive",
          "warn",
          "dense",
          "weaviate",
          "all",
          "Prefix",
          "openai",
          "pom.xml",
          "jdbc:postgresql://db/throng",
          "redis://redis:6379",
          "http://a:1",
          "X-Tenant");

  @TempDir private Path folder = Path.of("");

  private ThrongConfig load(String yaml, Map<String, String> environment, Map<String, String> flags)
      throws IOException {
    Path file = Files.writeString(folder.resolve("throng.yaml"), yaml);
    return ConfigLoader.load(file, environment, flags);
  }

  private List<String> problems(String yaml, Map<String, String> environment) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> load(yaml, environment, Map.of()));
    return String.valueOf(refused.getMessage()).lines().toList();
  }

  private static ThrongConfig defaults() {
    return ConfigLoader.load(null, Map.of(), Map.of());
  }

  @TestFactory
  Stream<DynamicTest> everyDocumentedSettingIsRead() {
    return SettingTree.parse(ConfigLoader.defaultsYaml(), "defaults.yaml")
        .settings()
        .keySet()
        .stream()
        .filter(path -> !path.equals("pool.backend_defaults.url")) // each backend has its own
        .map(path -> DynamicTest.dynamicTest(path, () -> assertRead(path)));
  }

  private static void assertRead(String path) {
    // Common settings of list entries show only in an entry.
    Map<String, String> entry =
        path.contains("_defaults.") ? Map.of("THRONG_POOL_BACKENDS", "http://b:1") : Map.of();
    ThrongConfig defaults = ConfigLoader.load(null, entry, Map.of());
    boolean isRead =
        VALUES.stream()
            .anyMatch(value -> {
              try {
                Map<String, String> environment = new HashMap<>(entry);
                environment.put(ConfigLoader.variable(path), value);
                return !ConfigLoader.load(null, environment, Map.of()).equals(defaults);
              } catch (ConfigException e) {
                return false;
              }
            });
    assertTrue(isRead, "no value changes the configuration");
  }

  @Test
  void defaultsFileLoadedAsConfigurationEqualsTheDefaults() throws IOException {
    assertEquals(defaults(), load(ConfigLoader.defaultsYaml(), Map.of(), Map.of()));
    assertEquals(defaults(), load("", Map.of(), Map.of()));
    assertEquals(defaults(), load("# nothing\n", Map.of(), Map.of()));
  }

  @Test
  void documentedDefaultsEqualTheCompiledDefaults() {
    ThrongConfig config = defaults();
    assertEquals("127.0.0.1", config.server().host());
    assertEquals(8080, config.server().port());
    assertEquals(64 << 10, config.server().requests().maxBytes());
    assertEquals(GeneratorChoice.AUTO, config.generator());
    assertEquals("llama3.2:1b", config.model().name());
    assertEquals(Duration.ofHours(24), config.ollama().keepAlive());
    assertEquals(EmbedderChoice.BGE_SMALL, config.embedder().model());
    assertEquals(0.5, config.retrieval().denseWeight());
    assertEquals(List.of(), config.ollama().urls());
  }

  @Test
  void modelCanBeSetByEitherOfTwoVariables() throws IOException {
    String alias = "THRONG_OLLAMA_MODEL";
    assertEquals("a", load("", Map.of(alias, "a"), Map.of()).model().name());
    assertEquals("a", load("", Map.of("THRONG_MODEL_NAME", "a"), Map.of()).model().name());
    Map<String, String> both = Map.of(alias, "a", "THRONG_MODEL_NAME", "b");
    ConfigException refused = assertThrows(ConfigException.class, () -> load("", both, Map.of()));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(alias + ": given together with THRONG_MODEL_NAME"), message);
  }

  @Test
  void flagsOverrideTheEnvironmentWhichOverridesTheFile() throws IOException {
    String yaml = "server:\n  port: 1\n  max_batch: 2\nollama:\n  urls: [http://a:1, http://b:2]\n";
    Map<String, String> environment =
        Map.of("THRONG_SERVER_PORT", "3", "THRONG_OLLAMA_URLS", "http://c:3, http://d:4,");
    ThrongConfig config = load(yaml, environment, Map.of("server.port", "4"));
    assertEquals(4, config.server().port());
    assertEquals(2, config.server().requests().maxBatch());
    assertEquals(
        List.of(URI.create("http://c:3"), URI.create("http://d:4")), config.ollama().urls());
    assertEquals(3, load(yaml, environment, Map.of()).server().port());
    assertEquals(1, load(yaml, Map.of(), Map.of()).server().port());
  }

  @Test
  void allProblemsAreReportedTogetherWithTheirLocation() {
    String yaml =
        """
        server:
          port: 99999
          hosst: x
        cache:
          max_bytes: 5 apples
        ollama:
          urls: ["ollama:11434", "http://fine:1"]
          slots: [1, 2]
        retrieval: { dense_weight: heavy }
        generator: gpt
        nonsense: 1
        retriever: {}
        """;
    List<String> problems = problems(yaml, Map.of("THRONG_SERVER_PROT", "1", "HOME", "/x"));
    String file = folder.resolve("throng.yaml").toString();
    for (String expected :
        List.of(
            file + ":2: server.port: \"99999\" (expected: a whole number from 0 to 65535)",
            file + ":3: server.hosst: unknown setting (did you mean server.host?)",
            file + ":5: cache.max_bytes: \"5 apples\" (expected: a size",
            file + ":7: ollama.urls[0]: \"ollama:11434\" (expected: an http(s) URL",
            file + ":8: ollama.slots: (expected: one value)",
            file + ":9: retrieval.dense_weight: \"heavy\" (expected: a number from 0.0 to 1.0)",
            file + ":10: generator: \"gpt\" (expected: one of auto, ollama, extractive)",
            file + ":11: nonsense: unknown setting",
            file + ":12: retriever: unknown setting",
            "THRONG_SERVER_PROT: no setting has this variable")) {
      assertTrue(
          problems.stream().anyMatch(problem -> problem.startsWith(expected)),
          () -> expected + "\nis not in\n" + String.join("\n", problems));
    }
    assertEquals(10, problems.size(), problems::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "server.host, 0.0.0.0, --insecure",
    "server.host, no-such-host.invalid, --insecure",
    "model.max_tokens, 4096, less than model.context_tokens",
    "ingest.overlap_tokens, 300, at most half of ingest.chunk_tokens",
    "cache.max_bytes, 34359738368GiB, a size",
    "server.port, -1, whole number",
    "server.port, '', whole number",
    "answer.timeout, 10, a duration",
    "answer.timeout, 2h, from 100ms to 1h",
    "retrieval.min_relevance, NaN, a number",
    "server.insecure, yes, true or false",
    "ingest.language, xx, one of en",
  })
  void invalidValueIsRefusedWithTheExpectation(String path, String value, String expected) {
    ConfigException refused =
        assertThrows(
            ConfigException.class, () -> ConfigLoader.load(null, Map.of(), Map.of(path, value)));
    String message = String.valueOf(refused.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.contains(path) && message.contains(expected), message);
  }

  @Test
  void nonLoopbackHostIsAllowedWithTheInsecureFlag() {
    Map<String, String> flags = Map.of("server.host", "0.0.0.0", "server.insecure", "true");
    assertEquals("0.0.0.0", ConfigLoader.load(null, Map.of(), flags).server().host());
  }

  @Test
  void sectionWithEverythingCommentedOutIsAccepted() throws IOException {
    assertEquals(defaults(), load("server:\n  # port: 1\ncache:\n", Map.of(), Map.of()));
  }

  @Test
  void invalidFilesAreReported() {
    assertTrue(problems("server: [", Map.of()).getFirst().contains("not valid YAML"));
    assertTrue(problems("- a\n- b\n", Map.of()).getFirst().contains("throng.yaml:1"));
    assertTrue(problems("server:\n  port: 1\n  port: 2\n", Map.of()).toString().contains("port"));
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> ConfigLoader.load(folder.resolve("gone.yaml"), Map.of(), Map.of()));
    assertTrue(String.valueOf(refused.getMessage()).contains("cannot be read"));
  }

  @Test
  void unrelatedVariablesAreIgnored() {
    Map<String, String> environment = Map.of("THRONG_JAVA_OPTS", "-Xmx1g", "PATH", "/bin");
    assertEquals(defaults(), ConfigLoader.load(null, environment, Map.of()));
  }

  @Test
  void backendsAreAListOfUrlsAndMappings() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "s3cret\n");
    ThrongConfig config =
        load(
            """
            ollama: { urls: [http://a:1], slots: 2 }
            pool:
              backend_defaults: { slots: 7 }
              backends:
                - http://b:1
                - url: https://c:8000/v1
                  kind: openai
                  weight: 3
                  slots: auto
                  model: big
                  api_key_file: %s
            """
                .formatted(key),
            Map.of(),
            Map.of());
    assertEquals(
        List.of(
            BackendConfig.ollama(URI.create("http://a:1"), 2),
            BackendConfig.ollama(URI.create("http://b:1"), 7),
            new BackendConfig(
                BackendKind.OPENAI,
                URI.create("https://c:8000/v1"),
                3,
                0,
                "big",
                new Secret("s3cret"),
                null)),
        config.backends());
    assertFalse(config.toString().contains("s3cret"), config::toString);
  }

  @Test
  void reportsIndexOfInvalidBackend() {
    List<String> problems =
        problems(
            """
            pool:
              backend_defaults: { weight: 0 }
              backends:
                - http://fine:1
                - kind: vllm
                - url: ollama:11434
                  sloots: 2
                  ca_file: /no/such/file
            """,
            Map.of());
    String file = folder.resolve("throng.yaml").toString();
    for (String expected :
        List.of(
            file + ":2: pool.backend_defaults.weight: \"0\" (expected: a whole number from 1",
            file + ":5: pool.backends[1].kind: \"vllm\" (expected: one of ollama, openai)",
            "pool.backends[1].url: is missing (expected: an http(s) URL",
            file + ":6: pool.backends[2].url: \"ollama:11434\" (expected: an http(s) URL",
            file + ":7: pool.backends[2].sloots: unknown setting (did you mean",
            file
                + ":8: pool.backends[2].ca_file: \"/no/such/file\" (expected: a file that exists)")) {
      assertTrue(
          problems.stream().anyMatch(problem -> problem.startsWith(expected)),
          () -> expected + "\nis not in\n" + String.join("\n", problems));
    }
  }

  @Test
  void variablesOfKubernetesServicesAreIgnored() {
    Map<String, String> environment = new HashMap<>();
    for (String service : List.of("THRONG", "THRONG_SERVER", "THRONG_REDIS", "THRONG_OLLAMA")) {
      environment.put(service + "_SERVICE_HOST", "10.96.0.7");
      environment.put(service + "_SERVICE_PORT", "8080");
      environment.put(service + "_SERVICE_PORT_HTTP_API", "8080");
      environment.put(service + "_PORT", "tcp://10.96.0.7:8080");
      environment.put(service + "_PORT_8080_TCP", "tcp://[fd00::7]:8080");
      environment.put(service + "_PORT_8080_TCP_PROTO", "tcp");
      environment.put(service + "_PORT_8080_TCP_PORT", "8080");
      environment.put(service + "_PORT_8080_TCP_ADDR", "fd00::7");
    }
    assertEquals(8080, ConfigLoader.load(null, environment, Map.of()).server().port());
    environment.put("THRONG_SERVER_PORT", "9000");
    assertEquals(9000, ConfigLoader.load(null, environment, Map.of()).server().port());
  }

  @ParameterizedTest
  @CsvSource({"THRONG_PORT, 8080", "THRONG_SERVICE_HOST, localhost", "THRONG_PORT_8080_TCP, on"})
  void otherVariablesWithoutASettingAreErrors(String name, String value) {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> ConfigLoader.load(null, Map.of(name, value), Map.of()));
    assertEquals(name + ": no setting has this variable", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "THRONG_OLLAMA_URLS, http://user:secret@ollama:11434",
    "THRONG_POOL_BACKENDS, http://user:secret@ollama:11434",
    "THRONG_CHROMA_URL, https://user:secret@chroma",
    "THRONG_WEAVIATE_URLS, http://a:1;http://user:secret@b:2",
    "THRONG_EMBEDDER_OLLAMA_URL, http://user:secret@ollama",
    "THRONG_REDIS_URLS, redis://:secret@redis:6379",
  })
  void passwordInAUrlIsRefusedAndNotShown(String variable, String urls) {
    Map<String, String> environment = Map.of(variable, urls.replace(';', ','));
    String message =
        String.valueOf(
            assertThrows(
                    ConfigException.class, () -> ConfigLoader.load(null, environment, Map.of()))
                .getMessage());
    assertTrue(message.contains("//***@"), message);
    assertFalse(message.contains("secret"), message);
  }
}
