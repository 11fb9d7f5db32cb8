package dev.throng.store.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One call to a store.
 *
 * @param path below the store's URL, its parts already encoded
 * @param body null for none
 * @param mayRepeat whether it does the same when it is sent twice
 */
public record StoreCall(String method, String path, @Nullable Body body, boolean mayRepeat) {

  /** Writes one JSON value: vectors need no tree of nodes. */
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  public static StoreCall get(String path) {
    return new StoreCall("GET", path, null, true);
  }

  /** A POST that may be sent twice: a search, or a write under ids of our own. */
  public static StoreCall repeatable(String path, Body body) {
    return new StoreCall("POST", path, body, true);
  }

  /** A POST that must not be sent twice. */
  public static StoreCall once(String path, Body body) {
    return new StoreCall("POST", path, body, false);
  }
}
