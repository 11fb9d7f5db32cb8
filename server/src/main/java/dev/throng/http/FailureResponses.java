package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.http.admin.AdminGate;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responses to requests that failed. */
final class FailureResponses {
  private static final Logger log = LoggerFactory.getLogger(FailureResponses.class);

  private final AdminGate adminGate;
  private final Connections connections;

  FailureResponses(AdminGate adminGate, Connections connections) {
    this.adminGate = adminGate;
    this.connections = connections;
  }

  /** Sends a failure, and logs what clients do not see of it. */
  void send(Exchange exchange, ThrongException failure) {
    if (failure.code() == ErrorCode.INTERNAL || failure.code() == ErrorCode.STORE_FAILED) {
      log.error("request {}: {}", exchange.id(), failure.getMessage(), failure);
    } else if (failure.code().kind().isDetailPrivate()) {
      log.warn("request {}: {}: {}", exchange.id(), failure.code().code(), failure.getMessage());
    }
    if (exchange.hasBegunResponse()) {
      throw new CloseConnectionException("the response cannot be completed", failure);
    }
    if (adminGate.isOperator(exchange)) {
      exchange.sendProblemToOperator(failure);
    } else {
      exchange.sendProblem(failure);
    }
  }

  /** Sends the meaning of an exception that no handler expected. */
  void sendUnexpected(Exchange exchange, RuntimeException failure) {
    if (failure instanceof CloseConnectionException closed) {
      throw closed;
    }
    if (isClientGone(failure)) {
      log.debug("request {}: the client disconnected: {}", exchange.id(), failure.toString());
      connections.clientGone();
      throw new CloseConnectionException("the client disconnected", failure);
    }
    if (failure instanceof HttpException || failure instanceof RequestException) {
      log.debug("request {}: {}", exchange.id(), failure.toString());
      send(
          exchange,
          new ThrongException(ErrorCode.MALFORMED_HTTP, String.valueOf(failure.getMessage())));
      return;
    }
    send(exchange, new ThrongException(ErrorCode.INTERNAL, "unexpected failure", failure));
  }

  /** Returns whether the failure comes from reading from, or writing to, a broken connection. */
  private static boolean isClientGone(RuntimeException failure) {
    return failure instanceof UncheckedIOException
        || failure instanceof ServerConnectionException
        || failure instanceof SocketWriterException
        || failure instanceof DataReader.InsufficientDataAvailableException;
  }
}
