package dev.throng.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Environment variables that Kubernetes sets in every pod for each Service. Those of a Service
 * called {@code throng-x} begin with {@code THRONG_X_}, as settings do.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/">Kubernetes,
 *     Service: environment variables</a>
 */
final class KubernetesVariables {
  private static final String PROTOCOL = "(tcp|udp|sctp)";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern URL = Pattern.compile(PROTOCOL + "://[^/ ]+:[0-9]+");

  /** Suffixes of the variables' names, with the form of their values. */
  private static final Map<Pattern, Pattern> FORMS =
      Map.of(
          ending("SERVICE_HOST"), ADDRESS,
          ending("SERVICE_PORT(_[A-Z0-9_]+)?"), NUMBER,
          ending("PORT"), URL,
          ending("PORT_[0-9]+_(TCP|UDP|SCTP)"), URL,
          ending("PORT_[0-9]+_(TCP|UDP|SCTP)_PROTO"), Pattern.compile(PROTOCOL),
          ending("PORT_[0-9]+_(TCP|UDP|SCTP)_PORT"), NUMBER,
          ending("PORT_[0-9]+_(TCP|UDP|SCTP)_ADDR"), ADDRESS);

  private KubernetesVariables() {}

  private static Pattern ending(String name) {
    return Pattern.compile("[A-Z0-9_]+_" + name);
  }

  /** Returns whether a variable has a name and a value as Kubernetes sets them. */
  static boolean contains(String name, String value) {
    return FORMS.entrySet().stream()
        .anyMatch(form ->
            form.getKey().matcher(name).matches() && form.getValue().matcher(value).matches());
  }
}
