package dev.throng.backend;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Reads how long a server wants to be left alone from its {@code Retry-After} header (RFC 9110,
 * 10.2.3).
 */
final class RetryAfter {
  private RetryAfter() {}

  /**
   * Returns how long the server asked to be left alone.
   *
   * @return zero when the header is missing, unreadable or in the past
   */
  static Duration in(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("Retry-After")
        .map(text -> parse(text.strip(), now))
        .orElse(Duration.ZERO);
  }

  private static Duration parse(String text, Instant now) {
    try {
      Duration wait =
          text.chars().allMatch(Character::isDigit)
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      return Duration.ZERO; // only a hint, so an unreadable one is ignored
    }
  }
}
