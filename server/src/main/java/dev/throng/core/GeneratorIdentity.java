package dev.throng.core;

/**
 * Everything about a generator that affects what it makes of a prompt.
 *
 * @param generator ollama or extractive
 * @param model the model's name, or the generator's own name when it has none
 * @param digest of the model's weights, template and parameters, or "" when it has none
 * @param options sampling options in a stable order
 */
public record GeneratorIdentity(String generator, String model, String digest, String options) {

  /** Returns a hash of all components, for question keys and fingerprints. */
  public Hash hash() {
    return new Hash.Builder().add(generator).add(model).add(digest).add(options).build();
  }
}
