#!/usr/bin/env python3
"""Checks that citations of real PDFs name the sheet on which the cited words stand.

Every sentence of 8 to 25 words that stands once in a folder's PDFs is sent as a question to a
server that has these PDFs and answers without a model. Two figures are printed:

- right sheet: of all cited parts, those whose words stand on the sheet that the server names.
- found: of all sentences, those whose answer cites the file and the sheet of the sentence.

The reference is the text of each sheet as PDFium reads it, which is independent of Throng's parser.

    pip install -r requirements.txt
    ./throng serve --docs PDFS --data DATA --port 8099 &
    bench/pages/citations.py PDFS --url http://localhost:8099
"""

import argparse
import collections
import json
import pathlib
import re
import sys
import unicodedata
import urllib.error
import urllib.request

import pypdfium2

WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9\"“(])")
# PDFium writes U+0002 for the hyphen of a word that continues on the next line.
HYPHEN_AT_LINE_END = re.compile(r"\x02\s*|[-\u00ad\ufffe\u2010]\s*\r?\n\s*")
WORDS = range(8, 26)
SHINGLE = 3
TIMEOUT_S = 60


def words(text):
    """Returns the words of a text in compatible form without case."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def shingles(found):
    """Returns the sequences of three words; of fewer words, the words themselves."""
    if len(found) < SHINGLE:
        return {tuple(found)} if found else set()
    return {tuple(found[i : i + SHINGLE]) for i in range(len(found) - SHINGLE + 1)}


class Reference:
    """The text of the sheets of some PDFs, as PDFium reads it."""

    def __init__(self, folder):
        self.sheets = {}
        for file in sorted(folder.rglob("*.pdf")):
            try:
                pdf = pypdfium2.PdfDocument(file)
                texts = [page.get_textpage().get_text_bounded() for page in pdf]
            except pypdfium2.PdfiumError as failure:
                print(f"left out: {file.name}: {failure}", file=sys.stderr)
                continue
            texts = [HYPHEN_AT_LINE_END.sub("", text) for text in texts]
            self.sheets[unicodedata.normalize("NFC", file.relative_to(folder).as_posix())] = texts
        self.shingles = {
            uri: [shingles(words(text)) for text in texts] for uri, texts in self.sheets.items()
        }

    def sentences(self, most):
        """Returns (uri, sheet, sentence) for those that stand once, at most some of each file."""
        places = collections.Counter()
        found = collections.defaultdict(list)
        for uri, texts in self.sheets.items():
            for sheet, text in enumerate(texts, 1):
                for paragraph in re.split(r"(?:\r?\n\s*){2,}", text):
                    for sentence in SENTENCE_END.split(re.sub(r"\s+", " ", paragraph)):
                        key = " ".join(words(sentence))
                        places[key] += 1
                        if len(words(sentence)) in WORDS:
                            found[uri].append((sheet, sentence.strip(), key))
        for uri, candidates in found.items():
            once = [(sheet, sentence) for sheet, sentence, key in candidates if places[key] == 1]
            step = max(1, len(once) / most)
            for i in range(min(most, len(once))):
                sheet, sentence = once[int(i * step)]
                yield uri, sheet, sentence

    def best_sheets(self, uri, text):
        """Returns the sheets on which most of a text stands; none when little of it does."""
        wanted = shingles(words(text))
        if not wanted or uri not in self.shingles:
            return set()
        shares = [len(wanted & sheet) / len(wanted) for sheet in self.shingles[uri]]
        best = max(shares)
        if best < 0.5:
            return set()
        return {sheet for sheet, share in enumerate(shares, 1) if share >= best - 1e-9}


def ask(url, question):
    """Returns the answer to a question."""
    body = json.dumps({"query": question}).encode()
    request = urllib.request.Request(
        url + "/query", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        return json.load(response)


def cited_parts(answer):
    """Yields (uri, sheet, text) for each cited part."""
    for source in answer["sources"]:
        for span in source.get("cited_spans", []) if source["cited"] else []:
            text = source["text"][span["start"] - source["start"] : span["end"] - source["start"]]
            yield source["uri"], span.get("page", 0), text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--most", type=int, default=100, help="sentences of one file")
    parser.add_argument("--json", type=pathlib.Path, help="writes every miss into this file")
    options = parser.parse_args()
    reference = Reference(options.folder)
    counts = collections.Counter()
    by_file = collections.defaultdict(collections.Counter)
    misses = []
    for uri, sheet, sentence in reference.sentences(options.most):
        answer = ask(options.url, sentence)
        count = by_file[uri]
        count["sentences"] += 1
        count["answered"] += bool(answer["sources"])
        found = False
        for cited_uri, cited_sheet, text in cited_parts(answer):
            best = reference.best_sheets(cited_uri, text)
            if not best:
                count["not comparable"] += 1
                continue
            is_right = cited_sheet in best
            count["parts"] += 1
            count["right"] += is_right
            found |= is_right and cited_uri == uri and cited_sheet == sheet
            if not is_right:
                misses.append(
                    {"uri": cited_uri, "named": cited_sheet, "stands": sorted(best), "text": text}
                )
        count["found"] += found
        if not found:
            misses.append({"uri": uri, "sheet": sheet, "sentence": sentence, "answer": answer})
    for uri, count in by_file.items():
        counts.update(count)
        print(f"{uri}: {dict(count)}")
    if options.json:
        options.json.write_text(json.dumps(misses, indent=1, ensure_ascii=False))
    print(
        f"right sheet: {counts['right']} of {counts['parts']} cited parts"
        f" ({100 * counts['right'] / max(1, counts['parts']):.1f} %),"
        f" {counts['not comparable']} not comparable"
    )
    print(
        f"found: {counts['found']} of {counts['sentences']} sentences"
        f" ({100 * counts['found'] / max(1, counts['sentences']):.1f} %)"
    )


if __name__ == "__main__":
    main()
