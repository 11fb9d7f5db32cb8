package dev.throng.config;

import java.util.List;

/**
 * One value as it was written.
 *
 * @param path dotted path, such as {@code server.port}
 * @param values the scalar, or the items of a list
 * @param isList whether it was written as a list
 * @param location where it was set, for messages: {@code throng.yaml:12}, {@code
 *     THRONG_SERVER_PORT}, {@code --port}
 */
record Setting(String path, List<String> values, boolean isList, String location) {
  static Setting scalar(String path, String value, String location) {
    return new Setting(path, List.of(value), false, location);
  }
}
