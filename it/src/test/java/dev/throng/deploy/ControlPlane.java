package dev.throng.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import dev.throng.it.Command;
import dev.throng.it.Component;
import dev.throng.it.Http;
import dev.throng.it.LoopbackProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * A real Kubernetes without nodes: the API server, and the controllers of Deployments, disruption
 * budgets and autoscalers. Periods of the latter are a tenth of their defaults. Nothing runs the
 * pods.
 */
final class ControlPlane implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_BOUND = Duration.ofSeconds(60);

  private static final String CONTROLLERS =
      "deployment-controller,replicaset-controller,disruption-controller,"
          + "horizontal-pod-autoscaler-controller";

  private static final String PODS = "/api/v1/namespaces/docs/pods";
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int TOO_MANY_REQUESTS = 429;

  /** `kubectl proxy` takes the offer of HTTP/2 for a connection that becomes a stream. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Deque<LoopbackProcess> processes = new ArrayDeque<>();
  private final Path folder;
  private final Path kubeconfig;
  private final int port = ServerProcess.freePort();

  /** Of `kubectl proxy`, which adds TLS and the token to requests. */
  private final int proxyPort = ServerProcess.freePort();

  private ControlPlane(Path folder) throws IOException {
    this.folder = folder;
    this.kubeconfig = folder.resolve("kubeconfig");
  }

  /** Starts it, with all its files in the folder. */
  static ControlPlane start(Path folder) throws IOException, InterruptedException {
    ControlPlane started = new ControlPlane(folder);
    boolean isReady = false;
    try {
      started.start();
      isReady = true;
      return started;
    } finally {
      if (!isReady) {
        started.close();
      }
    }
  }

  private void start() throws IOException, InterruptedException {
    String token = UUID.randomUUID().toString();
    Path key = writeSigningKey();
    Path tokens =
        Files.writeString(
            folder.resolve("tokens.csv"), token + ",admin,admin,\"system:masters\"\n");
    writeKubeconfig(token);
    int peers = ServerProcess.freePort();
    int database = ServerProcess.freePort();
    run(
        database,
        Component.path("etcd"),
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=http://127.0.0.1:" + database,
        "--advertise-client-urls=http://127.0.0.1:" + database,
        "--listen-peer-urls=http://127.0.0.1:" + peers,
        "--initial-advertise-peer-urls=http://127.0.0.1:" + peers,
        "--initial-cluster=default=http://127.0.0.1:" + peers,
        "--unsafe-no-fsync");
    run(
        port,
        program("kube-apiserver"),
        "--etcd-servers=http://127.0.0.1:" + database,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + folder.resolve("certificates"),
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + key,
        "--service-account-signing-key-file=" + key,
        "--service-cluster-ip-range=10.96.0.0/16",
        "--token-auth-file=" + tokens,
        "--authorization-mode=RBAC",
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none");
    run(
        proxyPort,
        program("kubectl"),
        "--kubeconfig=" + kubeconfig,
        "proxy",
        "--port=" + proxyPort);
    Await.until("Kubernetes is ready", START_BOUND, () -> status("/readyz") == OK);
    startControllers();
  }

  private void startControllers() throws IOException, InterruptedException {
    int controllers = ServerProcess.freePort();
    run(
        controllers,
        program("kube-controller-manager"),
        "--kubeconfig=" + kubeconfig,
        "--controllers=" + CONTROLLERS,
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        "--secure-port=" + controllers,
        "--cert-dir=" + folder.resolve("certificates"),
        "--horizontal-pod-autoscaler-sync-period=1500ms",
        "--horizontal-pod-autoscaler-cpu-initialization-period=30s",
        "--horizontal-pod-autoscaler-initial-readiness-delay=3s");
  }

  private void run(int listensOn, String... command) throws IOException, InterruptedException {
    Path log = folder.resolve(Path.of(command[0]).getFileName() + "-" + listensOn + ".log");
    processes.push(LoopbackProcess.start(log, listensOn, List.of(command)));
  }

  private static String program(String name) {
    return Path.of(Component.path("kubernetes"), name).toString();
  }

  private Path writeSigningKey() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      String encoded =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
      return Files.writeString(
          folder.resolve("signing.key"),
          "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void writeKubeconfig(String token) throws IOException {
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:PORT", insecure-skip-tls-verify: true}}]
        users: [{name: admin, user: {token: TOKEN}}]
        contexts: [{name: test, context: {cluster: test, user: admin, namespace: docs}}]
        current-context: test
        """
            .replace("PORT", Integer.toString(port))
            .replace("TOKEN", token));
  }

  /** Returns the file by which kubectl and helm reach it. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** Returns what kubectl printed, or fails with it. */
  String kubectl(String input, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(program("kubectl"), "--kubeconfig=" + kubeconfig));
    command.addAll(List.of(arguments));
    return Command.run(command, input);
  }

  /** Creates or changes objects, given as YAML. */
  void apply(String objects) {
    var _ = kubectl(objects, "apply", "-f", "-");
  }

  /** Lets the server check objects, given as YAML, without storing them. */
  void check(String objects) {
    var _ = kubectl(objects, "apply", "--dry-run=server", "-f", "-");
  }

  /** Reads a path of the API. */
  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  /** Merges fields into what is at a path of the API. */
  void patch(String path, String fields) {
    var _ =
        send(
            HttpRequest.newBuilder(uri(path))
                .method("PATCH", BodyPublishers.ofString(fields))
                .header("Content-Type", "application/merge-patch+json")
                .build());
  }

  /**
   * Returns the pods of the namespace docs.
   *
   * @param selector of labels, as in a query; "" for all
   */
  List<JsonNode> pods(String selector) {
    List<JsonNode> pods = new ArrayList<>();
    get(PODS + "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
        .path("items")
        .forEach(pods::add);
    return pods;
  }

  /** Marks a pod as running and ready, as a node would. */
  void markReady(String pod) {
    patch(
        PODS + "/" + pod + "/status",
        """
        {"status": {"phase": "Running", "startTime": "NOW", "conditions": [
          {"type": "Ready", "status": "True", "lastTransitionTime": "NOW"}]}}
        """
            .replace("NOW", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  /** Evicts a pod, as the drain of a node does. Returns whether its disruption budget allows it. */
  boolean evict(String pod) {
    HttpResponse<String> response =
        Http.send(
            http,
            HttpRequest.newBuilder(uri(PODS + "/" + pod + "/eviction"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "POD"}}
                        """
                            .replace("POD", pod)))
                .build());
    return switch (response.statusCode()) {
      case CREATED -> true;
      case TOO_MANY_REQUESTS -> false;
      default -> throw new IllegalStateException(response.body());
    };
  }

  private int status(String path) {
    return Http.send(http, HttpRequest.newBuilder(uri(path)).build()).statusCode();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + proxyPort + path);
  }

  private JsonNode send(HttpRequest request) {
    HttpResponse<String> response = Http.send(http, request);
    if (response.statusCode() != OK) {
      throw new IllegalStateException(request + ": " + response.body());
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    processes.forEach(LoopbackProcess::close);
  }
}
