package dev.throng.config;

/** Access to the operator paths. Every setting is explained in defaults.yaml. */
public record AdminConfig(String token) {

  static AdminConfig read(Section section) {
    return new AdminConfig(section.text("token"));
  }
}
