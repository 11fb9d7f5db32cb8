package dev.throng.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGHUP, the signal to a daemon to read its configuration again.
 *
 * <p>In the JDK, signals are available only through {@code sun.misc.Signal}, which the module
 * jdk.unsupported keeps for this purpose. Any direct use of that name is a compiler warning that
 * cannot be disabled (JDK 25), so reflection is used.
 */
public final class SighupHandler {
  private static final Logger log = LoggerFactory.getLogger(SighupHandler.class);

  private SighupHandler() {}

  /**
   * Runs {@code action} on each signal. Exceptions of the action are logged. Does nothing on
   * systems without the signal.
   */
  public static void onSignal(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler handling =
          (proxy, method, arguments) -> {
            Thread.ofVirtual().name("reload").start(() -> run(action));
            return null;
          };
      Object listener =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handling);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), listener);
    } catch (ReflectiveOperationException e) {
      log.debug("no SIGHUP on this system", e);
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.error("the configuration remains unchanged: {}", e.getMessage());
    }
  }
}
