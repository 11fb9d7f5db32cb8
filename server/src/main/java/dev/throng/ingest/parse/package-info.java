/** Documents of many formats become one: text with structure. */
@NullMarked
package dev.throng.ingest.parse;

import org.jspecify.annotations.NullMarked;
