package dev.throng.store.chroma;

import dev.throng.config.ConfigLoader;
import dev.throng.it.Component;
import dev.throng.store.lucene.LuceneWords;
import java.util.HashMap;
import java.util.Map;

/** Stores in a real Chroma. */
final class RealChroma {
  private RealChroma() {}

  /**
   * @param settings names and values, in addition to the URL
   */
  static ChromaChunkStore store(Component server, String... settings) {
    Map<String, String> flags = new HashMap<>();
    flags.put("chroma.url", "http://127.0.0.1:" + server.port());
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return new ChromaChunkStore(
        ConfigLoader.load(null, Map.of(), flags).chroma(), new LuceneWords());
  }
}
