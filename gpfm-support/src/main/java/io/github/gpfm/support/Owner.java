package io.github.gpfm.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The process that a file belongs to.
 *
 * @param host name of its machine, with its process namespace in a container
 * @param pid its number there
 * @param started when it began
 */
public record Owner(String host, long pid, Instant started) {
  private static final Owner SELF =
      new Owner(
          thisHost(),
          ProcessHandle.current().pid(),
          started(ProcessHandle.current().pid())
              .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS)));

  /** The process this runs in. */
  public static Owner self() {
    return SELF;
  }

  /** Whether it is of this machine, so that its end can be noticed. */
  public boolean isHere() {
    return host.equals(SELF.host);
  }

  /** Eight hexadecimal digits that stand for the host. */
  String hostId() {
    return Sha256.of(host).substring(0, 8);
  }

  /** {@code process 4711 on host ward-3, started 2 h ago}. */
  public String describe() {
    String name = host.replaceAll(" .*", "");
    return "process %d on host %s, started %s ago"
        .formatted(pid, name, age(Duration.between(started, Instant.now())));
  }

  /** {@code 5 min}; nothing is older than 0 s, although clocks of hosts differ. */
  static String age(Duration age) {
    if (age.toDays() > 1) {
      return age.toDays() + " days";
    } else if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }

  /**
   * Whether a process of this number runs on this machine. One that ended but that its parent has
   * not asked after (in a container without an init process, for ever) does not run.
   */
  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isDefunct(pid);
  }

  private static boolean isDefunct(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // "4711 (name) Z ...", and the name may hold anything.
      int state = stat.lastIndexOf(')') + 2;
      return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
    } catch (IOException e) {
      // No such folder on this system, or the process has gone since.
      return false;
    }
  }

  /** When the process of this number began, if there is one and the system tells. */
  static Optional<Instant> started(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
  }

  /** One line of text that {@link #parse} reads. */
  String write() {
    return pid + "\t" + started + "\t" + host;
  }

  /** Reads what {@link #write} wrote; empty for anything else. */
  static Optional<Owner> parse(String line) {
    String[] parts = line.strip().split("\t", 3);
    try {
      return parts.length == 3
          ? Optional.of(new Owner(parts[2], Long.parseLong(parts[0]), Instant.parse(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Containers may share a name but not a process namespace, which Linux numbers. */
  private static String thisHost() {
    String name = hostName();
    try {
      return name + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return name;
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "unknown";
      }
    }
  }
}
