package dev.throng.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Merges defaults, file, environment and flags, and checks the result. */
public final class ConfigLoader {
  private static final Logger log = LoggerFactory.getLogger(ConfigLoader.class);
  private static final String PREFIX = "THRONG_";
  private static final Pattern ENTRY = Pattern.compile("^([a-z_.]+)s\\[\\d+]\\.");

  /** Variables of the launcher and of the tests that are not settings. */
  private static final Set<String> NOT_SETTINGS =
      Set.of(
          "THRONG_JAVA_OPTS",
          "THRONG_COMPONENTS",
          "THRONG_PREBUILT",
          "THRONG_CONFIG",
          "THRONG_HOME");

  /** Second variables of settings, by which other programs set them. */
  private static final Map<String, String> ALIASES = Map.of("THRONG_OLLAMA_MODEL", "model.name");

  private final SettingTree defaults = SettingTree.parse(defaultsYaml(), "defaults.yaml");
  private final Map<String, Setting> settings = new LinkedHashMap<>(defaults.settings());
  private final List<String> problems = new ArrayList<>();

  private ConfigLoader() {}

  /**
   * Loads the configuration.
   *
   * @param file a YAML file, or null for none
   * @param environment THRONG_* variables; others are ignored
   * @param flags values from the command line by dotted path; the flag's name is the last part of
   *     the path
   * @throws ConfigException listing every unknown key and invalid value
   */
  public static ThrongConfig load(
      @Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
    ConfigLoader loader = new ConfigLoader();
    if (file != null) {
      loader.addFile(file);
    }
    loader.addEnvironment(environment);
    flags.forEach((path, value) -> {
      String flag = "--" + path.substring(path.lastIndexOf('.') + 1);
      Setting known = Objects.requireNonNull(loader.defaults.settings().get(path), path);
      loader.settings.put(path, parse(known, flag, value));
    });
    return loader.read();
  }

  /** Returns the documented default file, byte for byte as it is compiled in. */
  public static String defaultsYaml() {
    try (InputStream in = ConfigLoader.class.getResourceAsStream("defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("defaults.yaml is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addFile(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      problems.add(file + ": cannot be read (" + e + ")");
      return;
    }
    SettingTree tree = SettingTree.parse(yaml, file.toString());
    problems.addAll(tree.problems());
    tree.settings()
        .forEach((path, setting) -> {
          Setting known = defaults.settings().get(documentedPath(path));
          if (known == null && isEmptySection(setting)) {
            return; // all settings of the section are commented out
          }
          if (known == null) {
            problems.add(
                "%s: %s: unknown setting%s".formatted(setting.location(), path, nearest(path)));
          } else if (known.isList() != setting.isList()) {
            problems.add(
                "%s: %s: (expected: %s)"
                    .formatted(setting.location(), path, known.isList() ? "a list" : "one value"));
          } else {
            settings.put(path, setting);
          }
        });
  }

  /**
   * Returns the path under which a setting is documented. An entry of a list {@code backends} has
   * the settings of {@code backend_defaults}.
   */
  private static String documentedPath(String path) {
    return ENTRY.matcher(path).replaceFirst("$1_defaults.");
  }

  private boolean isEmptySection(Setting setting) {
    return setting.values().equals(List.of(""))
        && defaults.settings().keySet().stream()
            .anyMatch(path -> path.startsWith(setting.path() + "."));
  }

  private void addEnvironment(Map<String, String> environment) {
    Map<String, Setting> byVariable = new LinkedHashMap<>();
    defaults.settings().forEach((path, setting) -> byVariable.put(variable(path), setting));
    ALIASES.forEach((alias, path) -> {
      if (!environment.containsKey(variable(path))) {
        byVariable.put(alias, Objects.requireNonNull(defaults.settings().get(path)));
      } else if (environment.containsKey(alias)) {
        problems.add(alias + ": given together with " + variable(path) + ", which sets the same");
      }
    });
    environment.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(PREFIX))
        .filter(entry -> !NOT_SETTINGS.contains(entry.getKey()))
        .filter(entry -> !isOfKubernetes(entry.getKey(), entry.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> {
          Setting known = byVariable.get(entry.getKey());
          if (known == null && ALIASES.containsKey(entry.getKey())) {
            return; // reported above
          }
          if (known == null) {
            problems.add(entry.getKey() + ": no setting has this variable");
          } else {
            settings.put(known.path(), parse(known, entry.getKey(), entry.getValue()));
          }
        });
  }

  private static boolean isOfKubernetes(String name, String value) {
    boolean isOfKubernetes = KubernetesVariables.contains(name, value);
    if (isOfKubernetes) {
      log.debug("{} is ignored: Kubernetes set it for a Service", name);
    }
    return isOfKubernetes;
  }

  /** Parses the value of a variable or a flag. The items of a list are separated by commas. */
  private static Setting parse(Setting known, String location, String value) {
    if (!known.isList()) {
      return Setting.scalar(known.path(), value.strip(), location);
    }
    List<String> items =
        Arrays.stream(value.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    return new Setting(known.path(), items, true, location);
  }

  /** Reads a list entry that is a plain value as its URL. */
  private void addPlainEntries(String list) {
    Setting setting = Objects.requireNonNull(settings.get(list)); // at least the default exists
    for (int i = 0; i < setting.values().size(); i++) {
      String url = setting.values().get(i);
      if (!url.isEmpty()) {
        String path = SettingTree.entry(list, i) + ".url";
        settings.put(path, Setting.scalar(path, url, setting.location()));
      }
    }
  }

  private ThrongConfig read() {
    addPlainEntries("pool.backends");
    ThrongConfig config =
        new ThrongConfig(
            ServerConfig.read(section("server")),
            AdminConfig.read(section("admin")),
            DataConfig.read(section("data")),
            CatalogConfig.read(section("catalog")),
            StoreConfig.read(section("store")),
            ChromaConfig.read(section("chroma")),
            WeaviateConfig.read(section("weaviate")),
            section("").choice("generator", GeneratorChoice.class),
            ModelConfig.read(section("model")),
            OllamaConfig.read(section("ollama")),
            PoolConfig.read(section("pool")),
            EmbedderConfig.read(section("embedder")),
            RetrievalConfig.read(section("retrieval")),
            AnswerConfig.read(section("answer")),
            CacheConfig.read(section("cache")),
            RedisConfig.read(section("redis")),
            AdmissionConfig.read(section("admission")),
            IngestConfig.read(section("ingest")),
            ObserveConfig.read(section("observe")),
            EvalConfig.read(section("eval")),
            FeedbackConfig.read(section("feedback")));
    checkTogether(config);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  private void checkTogether(ThrongConfig config) {
    ServerConfig server = config.server();
    if (!server.insecure() && !isLoopback(server.host())) {
      problems.add(
          "%s: server.host: \"%s\" (expected: a loopback address, or --insecure: without keys"
                  .formatted(locationOf("server.host"), server.host())
              + " anyone who can reach the port can read every document)");
    }
    ModelConfig model = config.model();
    if (model.maxTokens() >= model.contextTokens()) {
      problems.add(
          "%s: model.max_tokens: %d (expected: less than model.context_tokens, %d)"
              .formatted(locationOf("model.max_tokens"), model.maxTokens(), model.contextTokens()));
    }
    if (config.retrieval().mode() == RetrievalMode.HYBRID
        && !config.store().kind().searchesWords()) {
      problems.add(
          "%s: retrieval.mode: hybrid (expected: dense or hybrid-or-dense, because store.kind supports only vector search)"
              .formatted(locationOf("retrieval.mode")));
    }
    if (config.store().kind() == StoreKind.WEAVIATE && config.weaviate().urls().isEmpty()) {
      problems.add(
          "%s: weaviate.urls: empty (expected: the URL of at least one node)"
              .formatted(locationOf("weaviate.urls")));
    }
    if (config.ingest().overlapTokens() * 2 > config.ingest().chunkTokens()) {
      problems.add(
          "%s: ingest.overlap_tokens: %d (expected: at most half of ingest.chunk_tokens, %d)"
              .formatted(
                  locationOf("ingest.overlap_tokens"),
                  config.ingest().overlapTokens(),
                  config.ingest().chunkTokens()));
    }
  }

  private String locationOf(String path) {
    Setting setting = settings.get(path);
    return setting == null ? path : setting.location();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Section section(String name) {
    return new Section(name, settings, defaults.settings(), problems);
  }

  /** Returns the environment variable that overrides a setting. */
  static String variable(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /**
   * Returns a suggestion for a mistyped key: a known key with the same last part, or the most
   * similar one.
   */
  private String nearest(String path) {
    String documented = documentedPath(path);
    String last = path.substring(path.lastIndexOf('.') + 1);
    return defaults.settings().keySet().stream()
        .filter(known -> known.endsWith("." + last) || distance(known, documented) <= 2)
        .findFirst()
        .map(known -> " (did you mean " + known + "?)")
        .orElse("");
  }

  /** Returns the Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** Returns docs/reference/config.md: every setting with its variable, default and meaning. */
  public static String referenceMarkdown() {
    SettingTree tree = SettingTree.parse(defaultsYaml(), "defaults.yaml");
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration
            Generated from `defaults.yaml`, the file that is compiled into the server. Flags override the environment,
            the environment overrides the file. `throng config --print-defaults` prints the file, `throng config --check`
            checks yours.

            """);
    String section = "-";
    for (Setting setting : tree.settings().values()) {
      int dot = setting.path().indexOf('.');
      String own = dot < 0 ? "" : setting.path().substring(0, dot);
      if (!own.equals(section)) {
        section = own;
        page.append(own.isEmpty() ? "\n" : "\n## " + own + "\n");
        page.append(tree.comments().getOrDefault(own, "")).append(own.isEmpty() ? "" : "\n\n");
        page.append("| setting | variable | default | meaning |\n|---|---|---|---|\n");
      }
      String value = setting.isList() ? setting.values().toString() : setting.values().getFirst();
      page.append(
          "| `%s` | `%s` | `%s` | %s |\n"
              .formatted(
                  setting.path(),
                  variable(setting.path()),
                  value.isEmpty() ? "\"\"" : value,
                  tree.comments().getOrDefault(setting.path(), "")));
    }
    return page.toString();
  }
}
