package dev.throng.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one backend. Every setting is explained in defaults.yaml.
 *
 * @param url its base URL; a name with several addresses stands for as many backends
 * @param slots maximum number of simultaneous generations; 0 to detect it
 * @param model what the backend calls the model; "" when it uses the model's own name
 * @param apiKey sent as a bearer token
 * @param caFile certificates in PEM that the backend's certificate is checked against; null for the
 *     JDK's trust store
 */
public record BackendConfig(
    BackendKind kind,
    URI url,
    int weight,
    int slots,
    String model,
    Secret apiKey,
    @Nullable Path caFile) {

  /** Returns an Ollama backend that has the model under its own name. */
  public static BackendConfig ollama(URI url, int slots) {
    return new BackendConfig(BackendKind.OLLAMA, url, 1, slots, "", new Secret(""), null);
  }

  /**
   * Returns the name of the model in requests to this backend.
   *
   * @param usual the name that the other backends use
   */
  public String modelOr(String usual) {
    return model.isEmpty() ? usual : model;
  }

  /** Returns the same backend at another URL. */
  public BackendConfig at(URI other) {
    return new BackendConfig(kind, other, weight, slots, model, apiKey, caFile);
  }

  static BackendConfig read(Section section) {
    return new BackendConfig(
        section.choice("kind", BackendKind.class),
        section.ownHttpUrl("url"),
        section.integer("weight", 1, 1_000),
        section.integerOrAuto("slots", 1, 10_000),
        section.text("model"),
        section.secret("api_key"),
        section.file("ca_file"));
  }
}
