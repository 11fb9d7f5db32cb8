package dev.throng.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One backend as it was configured. Every setting is explained in defaults.yaml.
 *
 * @param url its base URL; a name with several addresses stands for as many backends
 * @param slots generations at once; 0 to find out
 * @param model what the backend calls the model; "" when it is the model's own name
 * @param apiKey sent as a bearer token
 * @param caFile certificates in PEM that its own one is checked by; null for the usual ones
 */
public record BackendConfig(
    BackendKind kind,
    URI url,
    int weight,
    int slots,
    String model,
    Secret apiKey,
    @Nullable Path caFile) {

  /** An Ollama that has the model under its own name. */
  public static BackendConfig ollama(URI url, int slots) {
    return new BackendConfig(BackendKind.OLLAMA, url, 1, slots, "", new Secret(""), null);
  }

  /**
   * What to call the model when asking this backend.
   *
   * @param usual what the others call it
   */
  public String modelOr(String usual) {
    return model.isEmpty() ? usual : model;
  }

  /** The same backend at another URL. */
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
