package dev.throng.app;

/** The version of this build. */
public final class Version {
  private Version() {}

  /** Returns the version in the jar's manifest, or "dev" when the classes are not in a jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
