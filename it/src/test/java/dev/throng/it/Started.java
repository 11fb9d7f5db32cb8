package dev.throng.it;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real resource that all tests of a class use: started before the first test, closed after the
 * last. Register it in a static field.
 */
public final class Started<T extends AutoCloseable> implements BeforeAllCallback, AfterAllCallback {
  private final Callable<T> start;
  private @Nullable T started;

  private Started(Callable<T> start) {
    this.start = start;
  }

  /** Creates the resource with {@code start} before the first test. */
  public static <T extends AutoCloseable> Started<T> by(Callable<T> start) {
    return new Started<>(start);
  }

  /** Returns the resource, while tests run. */
  public T get() {
    return Objects.requireNonNull(started);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    started = start.call();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (started != null) {
      started.close();
    }
  }
}
