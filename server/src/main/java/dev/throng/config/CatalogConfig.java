package dev.throng.config;

import java.time.Duration;

/**
 * Where the catalogue is stored. Every setting is explained in defaults.yaml.
 *
 * @param url JDBC URL of a PostgreSQL database; "" for the file in the data folder
 * @param callTimeout timeout of a connection attempt and of a statement
 */
public record CatalogConfig(
    String url,
    String user,
    Secret password,
    int maxConnections,
    Duration callTimeout,
    AgreementChoice agreement) {

  static CatalogConfig read(Section section) {
    String url = section.text("url");
    if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
      section.problem("url", "a JDBC URL, like jdbc:postgresql://db:5432/throng");
    }
    return new CatalogConfig(
        url,
        section.text("user"),
        section.secret("password"),
        section.integer("max_connections", 2, 1_000),
        section.duration("call_timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
        section.choice("agreement", AgreementChoice.class));
  }

  /** Returns the URL without its parameters, which may contain a password. */
  public String shownUrl() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  public boolean isShared() {
    return !url.isEmpty();
  }
}
