package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.config.BackendConfig;
import dev.throng.core.Periodic;
import dev.throng.core.ThrongException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a pool's backends in line with the configuration and DNS. An http host name with several
 * addresses, such as a headless Kubernetes service, stands for as many backends, and names are
 * resolved periodically. A backend is identified by its address, so that it is not counted twice,
 * with twice its slots, when its name gets more addresses.
 */
public final class Membership implements AutoCloseable {
  /** Resolves a name. */
  @FunctionalInterface
  public interface Names {
    InetAddress[] lookUp(String host) throws UnknownHostException;
  }

  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private final BackendPool pool;
  private final Function<BackendConfig, Backend> adapters;
  private final Names names;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<BackendConfig, List<BackendConfig>> lastFound = new HashMap<>();

  /** The backends by address. */
  private Map<BackendConfig, Backend> backends = Map.of();

  private List<BackendConfig> configured = List.of();
  private final Periodic lookups;

  /**
   * Fills the pool.
   *
   * @param adapters creates the backend for a URL
   * @param refresh interval between two lookups of the same name
   */
  public Membership(
      BackendPool pool,
      List<BackendConfig> configured,
      Function<BackendConfig, Backend> adapters,
      Names names,
      Duration refresh) {
    this.pool = pool;
    this.adapters = adapters;
    this.names = names;
    configure(configured);
    this.lookups = Periodic.start("pool-names", refresh, this::lookUpAgain);
  }

  public BackendPool pool() {
    return pool;
  }

  /**
   * Applies a configuration that was read again.
   *
   * @throws ThrongException when a backend cannot be created; then all stay as they were
   */
  public void configure(List<BackendConfig> backends) {
    lock.lock();
    try {
      update(List.copyOf(backends));
    } finally {
      lock.unlock();
    }
  }

  /** Stops resolving names. The pool continues with its current backends. */
  @Override
  public void close() {
    lookups.close();
  }

  private void lookUpAgain() {
    lock.lock();
    try {
      if (configured.stream().anyMatch(Membership::isName)) {
        update(configured);
      }
    } catch (ThrongException e) {
      log.warn("the backends remain unchanged: {}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private void update(List<BackendConfig> wanted) {
    Map<BackendConfig, Backend> now = new LinkedHashMap<>();
    for (BackendConfig backend : wanted) {
      List<BackendConfig> places = isName(backend) ? places(backend) : List.of(backend);
      for (BackendConfig place : places) {
        Backend known = backends.get(place);
        // A backend with a single address keeps the name that operators know.
        BackendConfig shown = places.size() == 1 ? backend : place;
        now.computeIfAbsent(place, absent -> known != null ? known : adapters.apply(shown));
      }
    }
    configured = wanted;
    lastFound.keySet().retainAll(wanted);
    if (!now.equals(backends)) {
      backends = now;
      pool.replace(now.values());
    }
  }

  /** Returns the backend at each of its addresses. A DNS failure changes nothing. */
  private List<BackendConfig> places(BackendConfig backend) {
    try {
      List<InetAddress> found = List.of(names.lookUp(backend.url().getHost()));
      List<InetAddress> v4 = found.stream().filter(Inet4Address.class::isInstance).toList();
      List<BackendConfig> places =
          (v4.isEmpty() ? found : v4) // a machine with both kinds counts once
              .stream().map(address -> backend.at(at(backend.url(), address))).toList();
      lastFound.put(backend, places);
    } catch (UnknownHostException e) {
      log.warn("{} cannot be resolved: {}", backend.url().getHost(), e.getMessage());
    }
    return lastFound.getOrDefault(backend, List.of(backend));
  }

  /**
   * Returns whether the host may be resolved. A certificate is for a name, so https backends are
   * not called by address.
   */
  private static boolean isName(BackendConfig backend) {
    String host = backend.url().getHost();
    boolean isAddress = host.startsWith("[") || host.matches("[0-9.]+");
    return backend.url().getScheme().equals("http") && !isAddress;
  }

  private static URI at(URI url, InetAddress address) {
    String text = address.getHostAddress();
    String host = address instanceof Inet4Address ? text : "[" + text.replaceFirst("%.*", "") + "]";
    try {
      return new URI(url.getScheme(), null, host, url.getPort(), url.getPath(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an address that does not fit into a URL: " + text, e);
    }
  }
}
