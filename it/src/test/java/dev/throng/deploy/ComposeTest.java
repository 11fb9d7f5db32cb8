package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.throng.bench.rig.Yaml;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.it.Component;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The Compose file. No Docker is involved. */
final class ComposeTest {
  private static final Path FILE = Path.of("..", "deploy", "compose", "compose.yaml");

  @Test
  void fileMatchesTheSchemaOfCompose() throws IOException {
    ObjectNode schema =
        (ObjectNode) new ObjectMapper().readTree(new File(Component.path("compose-schema")));
    schema.remove("$id"); // it is not absolute
    assertEquals(
        Set.of(),
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(schema)
            .validate(Yaml.read(FILE)));
  }

  @Test
  void serverAcceptsItsEnvironment() {
    JsonNode throng = Yaml.read(FILE).path("services").path("throng");
    Map<String, String> environment = new HashMap<>();
    throng
        .path("environment")
        .properties()
        .forEach(variable ->
            environment.put(variable.getKey(), substituted(variable.getValue().asText())));
    ThrongConfig config = ConfigLoader.load(null, environment, Map.of());
    assertTrue(config.redis().isUsed());
    assertEquals(1, config.backends().size());
    assertEquals("llama3.2:1b", config.model().name());
  }

  /** A variable has its default, or a secret if it needs one. */
  private static String substituted(String value) {
    return value
        .replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")
        .replaceAll("\\$\\{\\w+:\\?[^}]*}", "a secret of some length");
  }
}
