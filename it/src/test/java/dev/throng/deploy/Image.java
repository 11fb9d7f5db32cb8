package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.it.Command;
import dev.throng.it.Component;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A container image in OCI layout, unpacked as a container engine does it. */
final class Image {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path layout;
  private final Path root;
  private final JsonNode manifest;
  private final JsonNode configuration;

  /**
   * Unpacks all layers, and checks every digest.
   *
   * @param archive of the layout
   * @param folder empty
   */
  Image(Path archive, Path folder) throws IOException {
    layout = Files.createDirectory(folder.resolve("layout"));
    root = Files.createDirectory(folder.resolve("root"));
    unpack(archive, "-x", layout);
    manifest = blob(JSON.readTree(layout.resolve("index.json").toFile()).path("manifests").path(0));
    configuration = blob(manifest.path("config"));
    int layers = manifest.path("layers").size();
    for (int i = 0; i < layers; i++) {
      Path layer = checked(manifest.path("layers").path(i));
      try (InputStream in = new GZIPInputStream(Files.newInputStream(layer))) {
        assertEquals(
            configuration.path("rootfs").path("diff_ids").path(i).asText(), digest(in), "layer");
      }
      unpack(layer, "-xz", root);
    }
  }

  private static void unpack(Path archive, String how, Path folder) {
    var _ = Command.run(List.of("tar", how, "-f", archive.toString(), "-C", folder.toString()));
  }

  private JsonNode blob(JsonNode descriptor) throws IOException {
    return JSON.readTree(checked(descriptor).toFile());
  }

  private Path checked(JsonNode descriptor) throws IOException {
    String digest = descriptor.path("digest").asText();
    Path blob = layout.resolve("blobs/sha256").resolve(digest.replace("sha256:", ""));
    try (InputStream in = Files.newInputStream(blob)) {
      assertEquals(digest, digest(in));
    }
    assertEquals(descriptor.path("size").asLong(), Files.size(blob));
    return blob;
  }

  private static String digest(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the root of its files. */
  Path root() {
    return root;
  }

  /** Returns what it says about its processes: user, environment, entry point. */
  JsonNode config() {
    return configuration.path("config");
  }

  /** Returns the files of this image that are not the same in the other one, or are not there. */
  List<String> differences(Image other) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(root::relativize)
          .filter(file -> !isEqual(other, file))
          .map(Path::toString)
          .toList();
    }
  }

  private boolean isEqual(Image other, Path file) {
    try {
      return Files.isRegularFile(other.root.resolve(file))
          && Files.mismatch(root.resolve(file), other.root.resolve(file)) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the size of its layers, as a registry stores them. */
  long bytes() {
    long bytes = 0;
    for (JsonNode layer : manifest.path("layers")) {
      bytes += layer.path("size").asLong();
    }
    return bytes;
  }

  /**
   * Returns the command that runs it as it says: its user without any privilege, its environment,
   * and its files without a permission to write.
   *
   * @param data the only folder, besides /tmp, that can be written
   * @param arguments replace the default arguments of the image
   */
  List<String> command(Path data, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Component.path("bubblewrap")));
    String[] user = config().path("User").asText().split(":", -1);
    command.addAll(List.of("--unshare-user", "--unshare-pid", "--die-with-parent"));
    command.addAll(List.of("--uid", user[0], "--gid", user[1], "--cap-drop", "ALL"));
    command.addAll(List.of("--ro-bind", root.toString(), "/", "--bind", data.toString(), "/data"));
    command.addAll(List.of("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"));
    command.addAll(List.of("--chdir", config().path("WorkingDir").asText(), "--clearenv"));
    for (JsonNode variable : config().path("Env")) {
      String[] parts = variable.asText().split("=", 2);
      command.addAll(List.of("--setenv", parts[0], parts[1]));
    }
    environment.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    config().path("Entrypoint").forEach(word -> command.add(word.asText()));
    command.addAll(List.of(arguments));
    return command;
  }
}
