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
 * A date in ISO 8601 or RFC 3339 form: a whole day or an instant.
 *
 * @param start the instant, or the start of the day, in UTC
 * @param isDay whether it was written without a time and therefore means the whole day
 */
public record DayOrMoment(Instant start, boolean isDay) {
  private static final Pattern FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([Tt]\\d{2}:\\d{2}.*)?");
  private static final int DAY_CHARS = 10;
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Parses {@code 2025-03-01}, {@code 2025-03-01T12:00:00Z} or a time with another offset. A time
   * without an offset is taken as UTC.
   *
   * @return empty when the text as a whole is not a date
   */
  public static Optional<DayOrMoment> parse(String text) {
    if (text.length() < DAY_CHARS || text.charAt(4) != '-' || !FORM.matcher(text).matches()) {
      return Optional.empty(); // most texts fail here, without a costly exception
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
      return Optional.empty(); // for example, February 30
    }
  }

  public static DayOrMoment ofDay(LocalDate day) {
    return new DayOrMoment(day.atStartOfDay(ZoneOffset.UTC).toInstant(), true);
  }

  /** Returns the UTC day that contains an instant. */
  public static DayOrMoment dayOf(Instant moment) {
    return new DayOrMoment(moment.truncatedTo(ChronoUnit.DAYS), true);
  }

  public static DayOrMoment ofMoment(Instant moment) {
    return new DayOrMoment(moment, false);
  }

  /** Returns the first instant after this day or instant. */
  public Instant end() {
    return isDay ? start.plus(DAY) : start.plusNanos(1);
  }

  /** Returns the written form: {@code 2025-03-01} or {@code 2025-03-01T12:00:00Z}. */
  public String text() {
    return isDay
        ? DateTimeFormatter.ISO_LOCAL_DATE.format(start.atOffset(ZoneOffset.UTC))
        : DateTimeFormatter.ISO_INSTANT.format(start);
  }

  @Override
  public String toString() {
    return text();
  }
}
