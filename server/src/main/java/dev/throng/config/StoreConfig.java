package dev.throng.config;

/** Where chunks are kept. Every setting is explained in defaults.yaml. */
public record StoreConfig(StoreKind kind) {
  static StoreConfig read(Section section) {
    return new StoreConfig(section.choice("kind", StoreKind.class));
  }
}
