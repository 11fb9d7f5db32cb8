package dev.throng.cli;

import dev.throng.app.Version;
import picocli.CommandLine.IVersionProvider;

/** The output of --version. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"throng " + Version.current(), "Java " + Runtime.version()};
  }
}
