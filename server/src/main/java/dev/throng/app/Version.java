package dev.throng.app;

/** This build's version. */
public final class Version {
  private Version() {}

  /** From the jar's manifest; "dev" when the classes are not in a jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
