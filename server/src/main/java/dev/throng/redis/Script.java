package dev.throng.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A Lua script. Redis runs it with nothing in between, so what it reads and what it changes fit
 * together.
 *
 * @param source ends with a table; what it returns is read by {@link #ask}
 */
record Script(String source) {
  /**
   * Runs it, and waits for what it returns: whole numbers as Long, texts as bytes, tables as lists.
   *
   * @param keys in one slot of a cluster
   * @param arguments bytes as they are, all else as its text
   */
  List<Object> ask(RedisLink link, List<String> keys, Object... arguments) throws RedisUnavailable {
    List<Object> reply =
        link.ask(commands ->
            commands.<List<Object>>eval(
                source, ScriptOutputType.MULTI, names(keys), values(arguments)));
    return Objects.requireNonNull(reply); // a table is never nil
  }

  /** As {@link #ask}, for who does not wait. */
  void send(RedisLink link, List<String> keys, Object... arguments) {
    var _ =
        link.send(commands ->
            commands.eval(source, ScriptOutputType.MULTI, names(keys), values(arguments)));
  }

  private static String[] names(List<String> keys) {
    return keys.toArray(String[]::new);
  }

  private static byte[][] values(Object[] arguments) {
    return Arrays.stream(arguments).map(Script::bytes).toArray(byte[][]::new);
  }

  private static byte[] bytes(Object argument) {
    return argument instanceof byte[] bytes
        ? bytes
        : argument.toString().getBytes(StandardCharsets.UTF_8);
  }
}
