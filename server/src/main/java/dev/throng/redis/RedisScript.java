package dev.throng.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A Lua script. Redis runs it atomically, so its reads and writes are consistent.
 *
 * @param source ends by returning a table, which {@link #ask} reads
 */
record RedisScript(String source) {
  /**
   * Runs the script and waits for its result: whole numbers as Long, texts as bytes, tables as
   * lists.
   *
   * @param keys in one slot of a cluster
   * @param arguments bytes are sent unchanged, other values as text
   */
  List<Object> ask(RedisLink link, List<String> keys, Object... arguments) throws RedisUnavailable {
    List<Object> reply =
        link.ask(commands ->
            commands.<List<Object>>eval(
                source, ScriptOutputType.MULTI, names(keys), values(arguments)));
    return Objects.requireNonNull(reply); // a table is never nil
  }

  /** Like {@link #ask}, without waiting. */
  void send(RedisLink link, List<String> keys, Object... arguments) {
    var _ =
        link.send(commands ->
            commands.eval(source, ScriptOutputType.MULTI, names(keys), values(arguments)));
  }

  private static String[] names(List<String> keys) {
    return keys.toArray(String[]::new);
  }

  private static byte[][] values(Object[] arguments) {
    return Arrays.stream(arguments).map(RedisScript::bytes).toArray(byte[][]::new);
  }

  private static byte[] bytes(Object argument) {
    return argument instanceof byte[] bytes
        ? bytes
        : argument.toString().getBytes(StandardCharsets.UTF_8);
  }
}
