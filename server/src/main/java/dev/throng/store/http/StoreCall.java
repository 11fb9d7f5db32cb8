package dev.throng.store.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to a store.
 *
 * @param path below the store's URL, with its parts already encoded
 * @param body null for none
 * @param mayRepeat whether sending it twice has the same effect as once
 * @param timeout null for the endpoint's timeout
 */
public record StoreCall(
    String method,
    String path,
    @Nullable Body body,
    boolean mayRepeat,
    @Nullable Duration timeout) {

  /** Writes one JSON value directly, because vectors need no tree of nodes. */
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  public static StoreCall get(String path) {
    return new StoreCall("GET", path, null, true, null);
  }

  /**
   * Returns a DELETE.
   *
   * @param body null for none
   */
  public static StoreCall delete(String path, @Nullable Body body) {
    return new StoreCall("DELETE", path, body, true, null);
  }

  /** Returns a POST that may be sent twice: a search, or a write with ids chosen by this server. */
  public static StoreCall repeatable(String path, Body body) {
    return new StoreCall("POST", path, body, true, null);
  }

  /** Returns a POST that must not be sent twice. */
  public static StoreCall once(String path, Body body) {
    return new StoreCall("POST", path, body, false, null);
  }

  /** Returns the same call with a timeout of its own, because writes take longer than searches. */
  public StoreCall within(Duration longest) {
    return new StoreCall(method, path, body, mayRepeat, longest);
  }

  /** Returns the same call with {@code prefix} before its path. */
  public StoreCall below(String prefix) {
    return new StoreCall(method, prefix + path, body, mayRepeat, timeout);
  }
}
