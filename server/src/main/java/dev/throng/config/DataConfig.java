package dev.throng.config;

import java.nio.file.Path;

/**
 * Where this machine stores the index and the catalogue. Every setting is explained in
 * defaults.yaml.
 */
public record DataConfig(Path dir) {

  static DataConfig read(Section section) {
    return new DataConfig(Path.of(section.text("dir")));
  }
}
