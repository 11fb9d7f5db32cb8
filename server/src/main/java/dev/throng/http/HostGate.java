package dev.throng.http;

import dev.throng.config.ServerConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Refuses requests that a browser was tricked into sending: requests with a host name of another
 * server (DNS rebinding), and requests from a page of another site.
 */
final class HostGate {
  private static final String FETCH_SITE = "Sec-Fetch-Site";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
  private static final Pattern DEFAULT_PORT = Pattern.compile(":(80|443)$");
  private static final String ANY = "*";
  private static final int MAX_KNOWN = 64;

  private final String boundHost;
  private final List<String> allowed;

  /** Host headers that are known to name this server. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  HostGate(ServerConfig config) {
    this.boundHost = config.host().toLowerCase(Locale.ROOT);
    this.allowed =
        config.allowedHosts().stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Checks a request before any part of it is processed.
   *
   * @throws ThrongException MISDIRECTED_REQUEST, CROSS_SITE
   */
  void check(Exchange exchange) {
    String authority = exchange.header("Host").orElse("");
    if (!known.contains(authority) && !isOwn(authority, exchange)) {
      throw new ThrongException(
          ErrorCode.MISDIRECTED_REQUEST,
          "Host: \"%.100s\" (expected: a loopback name, the bound address, or one of"
                  .formatted(authority)
              + " server.allowed_hosts)");
    }
    Optional<String> origin = exchange.header("Origin");
    if (origin.isPresent()) {
      checkOrigin(origin.get().toLowerCase(Locale.ROOT), authority);
    } else if (!isSafe(exchange.method())) {
      checkSite(exchange.header(FETCH_SITE).orElse("none"));
    }
  }

  private boolean isOwn(String authority, Exchange exchange) {
    String host = withoutPort(authority.toLowerCase(Locale.ROOT));
    boolean isOwn = isLoopback(host) || host.equals(boundHost) || isAllowed(host);
    if (isOwn && known.size() < MAX_KNOWN) {
      known.add(authority); // clients mostly send the same few values
    }
    return isOwn || isLocalAddress(host, exchange);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || (host.startsWith("127.") && ADDRESS.matcher(host).matches());
  }

  private boolean isAllowed(String host) {
    for (String name : allowed) {
      boolean isMatch =
          name.equals(ANY)
              || name.equals(host)
              || (name.startsWith("*.") && host.endsWith(name.substring(1)));
      if (isMatch) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether this is the address by which the client reached this machine. */
  private static boolean isLocalAddress(String host, Exchange exchange) {
    if (!ADDRESS.matcher(host).matches()
        || !(exchange.localAddress() instanceof InetSocketAddress local)) {
      return false;
    }
    try {
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return InetAddress.ofLiteral(literal).equals(local.getAddress());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Checks the origin of a page: its scheme, host and port, or "null" where the browser hides them.
   */
  private void checkOrigin(String origin, String authority) {
    String of = origin.substring(origin.indexOf("://") < 0 ? 0 : origin.indexOf("://") + 3);
    String own = authority.toLowerCase(Locale.ROOT);
    boolean isSame = withoutDefaultPort(of).equals(withoutDefaultPort(own));
    if (!isSame && !isAllowed(withoutPort(of))) {
      throw new ThrongException(ErrorCode.CROSS_SITE, "Origin: %.100s".formatted(origin));
    }
  }

  /** Checks Sec-Fetch-Site, which browsers send when they send no Origin. Programs send neither. */
  private static void checkSite(String site) {
    if (site.equals("cross-site") || site.equals("same-site")) {
      throw new ThrongException(ErrorCode.CROSS_SITE, "Sec-Fetch-Site: " + site);
    }
  }

  private static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static String withoutDefaultPort(String authority) {
    return DEFAULT_PORT.matcher(authority).replaceFirst("");
  }
}
