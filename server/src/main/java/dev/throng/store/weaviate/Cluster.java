package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.HeldVersions;
import dev.throng.store.http.StoreCall;
import dev.throng.store.http.StoreHttp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one Weaviate cluster. Each call goes to the next node in turn. When it fails there,
 * it is sent to another one, because all calls can be repeated.
 *
 * <p>A node that failed may have missed writes, and a search reads only one node. The node is
 * therefore out of use, as long as others answer, until it has the same chunks as they.
 */
final class Cluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  /** How often a search is sent to each node. */
  private static final int SEARCH_ROUNDS = 2;

  /** How often a request for the schema is sent. An election takes a few seconds. */
  private static final int SCHEMA_ROUNDS = 20;

  private static final Duration SCHEMA_TIMEOUT = Duration.ofSeconds(10);

  /** A node that has just returned briefly knows nothing. A repeated refusal is final. */
  private static final int REFUSED_ROUNDS = 2;

  private static final int NOT_FOUND = 404;
  private static final Duration CATCH_UP_PAUSE = Duration.ofMillis(500);

  /**
   * A node that answers again but does not catch up with the others is used nevertheless after this
   * time.
   */
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(10);

  private final List<Node> nodes;
  private final Duration writeTimeout;
  private final Predicate<Node> isInStep;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile boolean isClosed;

  /**
   * Creates the cluster.
   *
   * @param isInStep whether a node has all chunks that others have; may fail
   */
  Cluster(WeaviateConfig config, Predicate<Node> isInStep) {
    this.nodes = config.urls().stream().map(url -> new Node(url, config)).toList();
    this.writeTimeout = config.writeTimeout();
    this.isInStep = isInStep;
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Returns the nodes that searches go to. */
  List<Node> inUse() {
    return nodes.stream().filter(node -> !node.isExcluded() && node.answers()).toList();
  }

  /**
   * Runs a GraphQL query.
   *
   * @param reader returns the result from the data; when it fails, another node is queried
   */
  <T> T search(String graphQl, Function<JsonNode, T> reader, Deadline deadline) {
    return search(node -> true, graphQl, reader, deadline);
  }

  /**
   * Queries a node that has everything that the search must find, or waits for one.
   *
   * @param hasAll whether a node has it; may fail
   * @throws ThrongException STORE_UNAVAILABLE also when no node that answers has it in time
   */
  <T> T search(
      Predicate<Node> hasAll, String graphQl, Function<JsonNode, T> reader, Deadline deadline) {
    return callAnyNode(
        hasAll, node -> reader.apply(node.query(graphQl, deadline)), SEARCH_ROUNDS, deadline);
  }

  /** Runs a query without a deadline of its own. */
  <T> T search(String graphQl, Function<JsonNode, T> reader) {
    return search(graphQl, reader, writeDeadline());
  }

  /** Returns what is at a path of the schema. */
  JsonNode schema(String path) {
    return schemaReply(path).body();
  }

  /** Returns whether the schema has anything at a path. */
  boolean hasSchema(String path) {
    return schemaReply(path).isSuccess();
  }

  /** Returns the response to a request for the schema: a success, or not found. */
  private StoreHttp.Reply schemaReply(String path) {
    Deadline deadline = Deadline.after(Ticker.system(), SCHEMA_TIMEOUT);
    StoreCall call = StoreCall.get("v1/schema" + path);
    return callAnyNode(
        node -> {
          StoreHttp.Reply reply = node.write(call, deadline);
          if (!reply.isSuccess() && reply.status() != NOT_FOUND) {
            throw node.refused(call, reply);
          }
          return reply;
        },
        SCHEMA_ROUNDS,
        deadline);
  }

  /** Sends a write until a node has executed it, or the time for writes is over. */
  JsonNode write(StoreCall call) {
    Deadline deadline = writeDeadline();
    return callAnyNode(
        node -> {
          StoreHttp.Reply reply = node.write(call, deadline);
          if (!reply.isSuccess()) {
            throw node.refused(call, reply);
          }
          return reply.body();
        },
        Integer.MAX_VALUE,
        deadline);
  }

  /** Returns the version and the members, as one of the nodes sees them. */
  String identity() {
    Deadline deadline = writeDeadline();
    return callAnyNode(
        node -> {
          List<String> members = new ArrayList<>();
          for (JsonNode member : node.read("v1/nodes", deadline).path("nodes")) {
            members.add(member.path("name").asText() + " " + member.path("status").asText());
          }
          return "weaviate %s at %s (%s)"
              .formatted(
                  node.read("v1/meta", deadline).path("version").asText("?"),
                  node.url(),
                  String.join(", ", members));
        },
        SEARCH_ROUNDS,
        deadline);
  }

  /** Returns which configured nodes do not answer, and why; "" when all do. */
  String missing() {
    List<String> failures = new ArrayList<>();
    for (Node node : nodes) {
      try {
        node.read("v1/meta", writeDeadline());
      } catch (ThrongException e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    return String.join("; ", failures);
  }

  /** Takes a node that lacks chunks out of use. No search goes to it until it has caught up. */
  void exclude(Node node) {
    if (nodes.size() > 1 && node.exclude()) {
      log.info("{} is out of use until it has the same chunks as the others", node.url());
      Thread.ofVirtual().name("weaviate-catch-up").start(() -> readmitInStep(node));
    }
  }

  @Override
  public void close() {
    isClosed = true;
    nodes.forEach(Node::close);
  }

  /** Returns the deadline of writes without a deadline of their own. */
  Deadline writeDeadline() {
    return Deadline.after(Ticker.system(), writeTimeout);
  }

  private <T> T callAnyNode(Function<Node, T> call, int rounds, Deadline deadline) {
    return callAnyNode(node -> true, call, rounds, deadline);
  }

  /**
   * Calls one node after another until a call succeeds.
   *
   * @param isUsable false for a node that lags behind, which is tried again until it has caught up
   * @param rounds number of rounds after which the call fails, in each of which every node failed
   * @throws ThrongException STORE_UNAVAILABLE, STORE_FAILED
   */
  private <T> T callAnyNode(
      Predicate<Node> isUsable, Function<Node, T> call, int rounds, Deadline deadline) {
    Deadline patience = deadline.within(HeldVersions.LAG_PATIENCE);
    @Nullable ThrongException outage = null;
    @Nullable ThrongException refusal = null;
    @Nullable Node lagging = null;
    for (int round = 0; round < rounds && (refusal == null || round < REFUSED_ROUNDS); ) {
      if (lagging != null) {
        HeldVersions.pause("weaviate at " + lagging.url(), patience);
      } else if (round > 0) {
        Pause.of(Pause.LONG, deadline);
      }
      lagging = null;
      for (Node node : inTurn()) {
        if (outage != null && deadline.hasPassed()) {
          throw outage;
        }
        try {
          if (isUsable.test(node)) {
            return call.apply(node);
          }
          lagging = node;
        } catch (ThrongException e) {
          switch (e.code()) {
            case STORE_UNAVAILABLE -> outage = e;
            case STORE_FAILED -> refusal = e;
            default -> throw e;
          }
          if (e == outage && !deadline.hasPassed()) { // a short deadline proves nothing
            exclude(node);
          }
        }
      }
      round += lagging == null ? 1 : 0;
    }
    throw Objects.requireNonNull(refusal == null ? outage : refusal);
  }

  /** Returns all nodes, usable ones first. */
  private List<Node> inTurn() {
    int first = Math.floorMod(turn.getAndIncrement(), nodes.size());
    List<Node> ordered = new ArrayList<>(nodes.size());
    List<Node> last = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get((first + i) % nodes.size());
      (node.isExcluded() || !node.answers() ? last : ordered).add(node);
    }
    ordered.addAll(last);
    return ordered;
  }

  private void readmitInStep(Node node) {
    Deadline limit = Deadline.after(Ticker.system(), CATCH_UP_LIMIT);
    try {
      while (!isClosed && !isInStepNow(node)) {
        if (!node.answers()) {
          limit = Deadline.after(Ticker.system(), CATCH_UP_LIMIT);
        } else if (limit.hasPassed()) {
          log.warn(
              "{} still has other chunks than the other nodes, but is back in use", node.url());
          break;
        }
        TimeUnit.NANOSECONDS.sleep(CATCH_UP_PAUSE.toNanos());
      }
      node.readmit();
      log.info("{} is back in use", node.url());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // not expected
    }
  }

  private boolean isInStepNow(Node node) {
    try {
      return node.answers() && isInStep.test(node);
    } catch (ThrongException e) {
      log.debug("{} cannot be compared: {}", node.url(), e.getMessage());
      return false;
    }
  }
}
