package io.github.gpfm.examples.service;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose request's header does not come to an end. An idle timeout alone is met
 * by a byte now and then.
 */
final class ConnectionWatch implements Connection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatch.class);

  /** One connection between requests, or with a request in progress. */
  private static final class State {
    private int inProgress;
    private boolean first = true;
    private long bytes;
    private long since = System.nanoTime();
  }

  private final long timeoutNanos;
  private final Map<Connection, State> connections = new ConcurrentHashMap<>();

  ConnectionWatch(Duration headerTimeout) {
    this.timeoutNanos = headerTimeout.toNanos();
  }

  /**
   * Of a connection by TLS the one inside is watched, which opens with it: the handshake counts as
   * part of the first header. The outer one never has a request.
   */
  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof SslConnection)) {
      connections.put(connection, new State());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    connections.remove(connection);
  }

  /** Called when a request's header is complete. */
  void begin(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    State state = connections.get(connection);
    if (state == null) {
      return;
    }
    synchronized (state) {
      state.inProgress++;
      state.first = false;
    }
    Request.addCompletionListener(
        request,
        failure -> {
          synchronized (state) {
            state.inProgress--;
            state.bytes = connection.getBytesIn();
            state.since = System.nanoTime();
          }
        });
  }

  /** Connections now. */
  int count() {
    return connections.size();
  }

  /** Closes what is overdue; to be called about once a second. */
  void sweep() {
    connections.forEach(
        (connection, state) -> {
          if (overdue(connection, state)) {
            LOG.debug("A client's header did not come to an end: {}", connection);
            connection.getEndPoint().close();
          }
        });
  }

  private boolean overdue(Connection connection, State state) {
    long now = System.nanoTime();
    synchronized (state) {
      if (state.inProgress > 0) {
        return false;
      }
      // The clock of later requests starts with their first byte: until then the idle timeout runs.
      if (!state.first && connection.getBytesIn() == state.bytes) {
        state.since = now;
      }
      return now - state.since > timeoutNanos;
    }
  }
}
