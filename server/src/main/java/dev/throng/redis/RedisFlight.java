package dev.throng.redis;

import dev.throng.core.Deadline;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import dev.throng.redis.wire.FlightCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's part in one generation. When Redis does not answer, or its content does not match
 * what this replica has already delivered, the replica continues alone. Its own listeners get a
 * complete answer in any case.
 */
final class RedisFlight implements SharedFlight {
  private static final Logger log = LoggerFactory.getLogger(RedisFlight.class);

  /** Maximum delay with which a follower sees a piece. */
  private static final long POLL_MILLIS = 25;

  private static final String FROM_START = "-";

  private final FlightCommands commands;
  private final FlightLeases leases;
  private final FlightKeys keys;
  private final String token;
  private final StringBuilder text = new StringBuilder();
  private boolean isNamed;
  private boolean isLeading;
  private boolean isAlone;

  /** The position up to which the stream was read. */
  private String after = FROM_START;

  RedisFlight(FlightCommands commands, FlightLeases leases, FlightKeys keys, String token) {
    this.commands = commands;
    this.leases = leases;
    this.keys = keys;
    this.token = token;
  }

  @Override
  public boolean lead(FlightHead head, Listener listener) {
    try {
      if (!isAlone && !takeLease(head, listener)) {
        return false;
      }
    } catch (RedisUnavailable e) {
      continueAlone("redis does not answer");
    }
    name(head.answerId(), listener);
    return true;
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public void append(String piece, Listener listener) {
    int from = text.length();
    write(from, from + piece.length(), FlightEntry.TEXT, bytes(piece));
    text.append(piece);
    listener.append(piece);
  }

  @Override
  public void finish(FlightEnd end) {
    try {
      write(text.length(), text.length(), FlightEntry.END, FlightCodec.encode(end));
    } catch (LeadershipLost e) {
      log.debug("another replica continues an answer that is complete here: {}", e.toString());
    }
  }

  @Override
  public Optional<FlightEnd> follow(Listener listener, Deadline deadline)
      throws InterruptedException {
    try {
      while (true) {
        List<Object> reply = commands.follow(keys, after);
        Optional<FlightEnd> end = take(FlightEntry.of(reply.get(1)), listener);
        boolean isLed = !reply.get(0).equals(0L);
        if (end.isPresent() || isAlone || !isLed) {
          return end;
        }
        deadline.check("the replica that generates the answer was done");
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (RedisUnavailable e) {
      continueAlone("redis does not answer");
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    leases.drop(token);
    if (isLeading) {
      isLeading = false;
      commands.release(keys, token);
    }
  }

  /**
   * Becomes the leader: takes over what others have published, and publishes what they have not.
   */
  private boolean takeLease(FlightHead head, Listener listener) throws RedisUnavailable {
    List<Object> reply = commands.lead(keys, token);
    if (!reply.getFirst().equals(1L)) {
      isLeading = false;
      leases.drop(token);
      return false;
    }
    isLeading = true;
    leases.keep(keys, token);
    List<FlightEntry> entries = FlightEntry.of(reply.get(1));
    int published = entries.isEmpty() ? 0 : entries.getLast().to();
    if (entries.isEmpty()) {
      add(null, 0, FlightEntry.HEAD, FlightCodec.encode(head));
    }
    after = FROM_START;
    take(entries, listener);
    if (!isAlone && published < text.length()) {
      add(published, text.length(), FlightEntry.TEXT, bytes(text.substring(published)));
    }
    return true;
  }

  private void add(@Nullable Integer from, int to, String field, byte[] value)
      throws RedisUnavailable {
    if (!commands.append(keys, token, from, to, field, value)) {
      continueAlone("the lease was lost immediately");
    }
  }

  /** Publishes as the leader. Does nothing when this replica is alone. */
  private void write(int from, int to, String field, byte[] value) {
    if (isAlone) {
      return;
    }
    try {
      if (!commands.append(keys, token, from, to, field, value)) {
        isLeading = false;
        leases.drop(token);
        throw new LeadershipLost();
      }
    } catch (RedisUnavailable e) {
      continueAlone("redis does not answer");
    }
  }

  /** Passes new entries to the listener. */
  private Optional<FlightEnd> take(List<FlightEntry> entries, Listener listener) {
    for (FlightEntry entry : entries) {
      after = "(" + entry.id();
      switch (entry.content()) {
        case FlightEntry.Content.Head head -> name(head.head().answerId(), listener);
        case FlightEntry.Content.Text text -> takeText(text.piece(), entry.to(), listener);
        case FlightEntry.Content.End end when entry.to() == text.length() -> {
          return Optional.of(end.end());
        }
        case FlightEntry.Content.End _ -> continueAlone("its end does not match");
        case FlightEntry.Content.Unreadable _ -> continueAlone("an entry cannot be read");
      }
      if (isAlone) {
        break;
      }
    }
    return Optional.empty();
  }

  private void name(String answerId, Listener listener) {
    if (!isNamed) {
      isNamed = true;
      listener.named(answerId);
    }
  }

  /**
   * Delivers text. Entries may be repeated after a failover, and the repeated text must then be the
   * same.
   */
  private void takeText(String piece, int to, Listener listener) {
    int from = to - piece.length();
    int known = Math.min(text.length() - from, piece.length());
    if (known < 0) {
      continueAlone("some of its text was lost");
    } else if (!text.substring(from, from + known).equals(piece.substring(0, known))) {
      continueAlone("its text is different");
    } else if (known < piece.length()) {
      String fresh = piece.substring(known);
      text.append(fresh);
      listener.append(fresh);
    }
  }

  private void continueAlone(String why) {
    if (!isAlone) {
      log.debug("an answer is no longer shared after {} characters: {}", text.length(), why);
    }
    isAlone = true;
    close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
