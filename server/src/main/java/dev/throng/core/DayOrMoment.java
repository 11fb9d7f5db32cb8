package dev.throng.core;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A date as people write it (ISO 8601, RFC 3339): a whole day, or a moment.
 *
 * @param start the moment, or the day's first one, in UTC
 * @param isDay whether it was written without a time, and means all of the day
 */
public record DayOrMoment(Instant start, boolean isDay) {
  private static final Pattern FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([Tt]\\d{2}:\\d{2}.*)?");
  private static final int DAY_CHARS = 10;
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Reads {@code 2025-03-01}, {@code 2025-03-01T12:00:00Z} or one with another offset; without an
   * offset it is UTC.
   *
   * @return empty when the text as a whole is no date
   */
  public static Optional<DayOrMoment> parse(String text) {
    if (text.length() < DAY_CHARS || text.charAt(4) != '-' || !FORM.matcher(text).matches()) {
      return Optional.empty(); // most texts, without the cost of an exception
    }
    try {
      if (text.length() == DAY_CHARS) {
        return Optional.of(ofDay(LocalDate.parse(text)));
      }
      TemporalAccessor read =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          ofMoment(
              read instanceof OffsetDateTime withOffset
                  ? withOffset.toInstant()
                  : LocalDateTime.from(read).toInstant(ZoneOffset.UTC)));
    } catch (DateTimeException e) {
      return Optional.empty(); // such as February 30th
    }
  }

  public static DayOrMoment ofDay(LocalDate day) {
    return new DayOrMoment(day.atStartOfDay(ZoneOffset.UTC).toInstant(), true);
  }

  /** The day, in UTC, that a moment is in. */
  public static DayOrMoment dayOf(Instant moment) {
    return new DayOrMoment(moment.truncatedTo(ChronoUnit.DAYS), true);
  }

  public static DayOrMoment ofMoment(Instant moment) {
    return new DayOrMoment(moment, false);
  }

  /** The first moment after it. */
  public Instant end() {
    return isDay ? start.plus(DAY) : start.plusNanos(1);
  }

  /** As it is written: {@code 2025-03-01}, or {@code 2025-03-01T12:00:00Z}. */
  @Override
  public String toString() {
    return isDay ? start.atOffset(ZoneOffset.UTC).toLocalDate().toString() : start.toString();
  }
}
