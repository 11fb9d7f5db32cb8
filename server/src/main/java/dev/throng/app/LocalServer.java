package dev.throng.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in a data folder with the address of its server and a token, for commands on this machine.
 * Only the owner may read it.
 */
public final class LocalServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "server.json";

  private final Path file;
  private final String token;

  private LocalServer(Path file, String token) {
    this.file = file;
    this.token = token;
  }

  /** The address of a server. */
  public record Address(String url, String token) {}

  static LocalServer create(Path dataFolder, Ids secrets) {
    return new LocalServer(dataFolder.resolve(FILE), secrets.next() + secrets.next());
  }

  /**
   * Returns the server that uses the data folder, if the file exists and its process is alive. A
   * file with the address of another machine is ignored, because questions would be sent there.
   */
  public static Optional<Address> find(Path dataFolder) {
    Path file = dataFolder.resolve(FILE);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      JsonNode note = JSON.readTree(file.toFile());
      boolean isAlive = ProcessHandle.of(note.path("pid").asLong()).isPresent();
      boolean isHere = note.path("url").asText().matches("http://127\\.0\\.0\\.1:\\d{1,5}");
      return isAlive && isHere
          ? Optional.of(new Address(note.path("url").asText(), note.path("token").asText()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // incomplete or deleted, so there is no server
    }
  }

  String token() {
    return token;
  }

  void announce(int port) {
    byte[] note =
        JSON.createObjectNode()
            .put("url", "http://127.0.0.1:" + port)
            .put("pid", ProcessHandle.current().pid())
            .put("token", token)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, note);
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DATA_FOLDER_UNWRITABLE, file + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} was not deleted", file, e); // its process is gone, so it will be ignored
    }
  }
}
