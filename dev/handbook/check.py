#!/usr/bin/env python3
"""Checks the example corpus and its questions; exits with 1 and one line for each fault.

    python3 dev/handbook/check.py

Needs Python 3.11 alone. Whether the PDF and DOCX documents are current is checked when what
generate.py needs is installed (dev/handbook/requirements.txt), and skipped with a message otherwise.
"""

import collections
import importlib.metadata
import json
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
HANDBOOK = EXAMPLES / "handbook"
SOURCES = HERE / "sources"
FORMATS = (".md", ".html", ".txt", ".pdf", ".docx")
SPLITS = ("calibrate", "check")
MIN_QUESTIONS_PER_DOCUMENT = 3
QUESTION_FILES = {
    "answerable.jsonl": ({"id": str, "question": str, "answer": str, "documents": list, "split": str}, {}),
    "off-topic.jsonl": ({"id": str, "question": str, "split": str}, {"near": bool}),
}


def shown(path):
    return path.relative_to(EXAMPLES.parent)


def documents(faults):
    """The paths of all documents, relative to the handbook."""
    found = {}
    for path in sorted(path for path in HANDBOOK.rglob("*") if path.is_file()):
        if path.suffix not in FORMATS:
            faults.append(f"{shown(path)}: format {path.suffix!r} (expected: one of {' '.join(FORMATS)})")
        elif path.stat().st_size == 0:
            faults.append(f"{shown(path)}: is empty")
        else:
            found[path.relative_to(HANDBOOK).as_posix()] = path
    return found


def references(found, faults):
    """A document that names another one names one that exists."""
    texts = [path for path in found.values() if path.suffix in (".md", ".html", ".txt")]
    for path in [*texts, *sorted(SOURCES.glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for named in re.findall(r"\b[a-z]+/[\w-]+\.(?:md|html|txt|pdf|docx)\b", text):
            if named not in found:
                faults.append(f"{shown(path)}: names {named}, which is not in the handbook")
        for link in re.findall(r'href="(?!/|https?:)([^"#]+)"', text):
            if not (path.parent / link).resolve().is_file():
                faults.append(f"{shown(path)}: links to {link}, which does not exist")


def entries(path, faults):
    """The well-formed entries of a question file, each with the place it stands at."""
    required, optional = QUESTION_FILES[path.name]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{shown(path)}:{number}"
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            faults.append(f"{place}: not JSON: {error}")
            continue
        if not isinstance(entry, dict):
            faults.append(f"{place}: {line[:40]!r} (expected: a JSON object)")
            continue
        wrong = [
            key
            for key, kind in {**required, **optional}.items()
            if (key in entry or key in required) and not (type(entry.get(key)) is kind and entry[key])
        ]
        unknown = sorted(entry.keys() - required.keys() - optional.keys())
        if wrong or unknown:
            faults.append(
                f"{place}: missing, empty or of the wrong type: {wrong}; unknown: {unknown}"
                f" (expected: {', '.join(f'{key}: {kind.__name__}' for key, kind in required.items())})"
            )
        else:
            yield place, entry


def questions(found, faults):
    """Counts of the questions for each file and split."""
    seen = {}
    counts = {}
    covered = collections.Counter()
    for name in QUESTION_FILES:
        path = EXAMPLES / "questions" / name
        if not path.is_file():
            faults.append(f"{shown(path)}: is missing")
            continue
        split = collections.Counter()
        for place, entry in entries(path, faults):
            for key in ("id", "question"):
                value = entry[key].casefold()
                if (key, value) in seen:
                    faults.append(f"{place}: {key} {entry[key]!r} is already used at {seen[key, value]}")
                seen.setdefault((key, value), place)
            if entry["split"] not in SPLITS:
                faults.append(f"{place}: split {entry['split']!r} (expected: {' or '.join(SPLITS)})")
            split[entry["split"]] += 1
            split["near"] += entry.get("near", False)
            listed = entry.get("documents", [])
            for document in listed:
                if document not in found:
                    faults.append(f"{place}: document {document!r} is not in the handbook")
            if len(set(map(str, listed))) != len(listed):
                faults.append(f"{place}: names a document twice")
            covered.update(set(map(str, listed)))
        if split[SPLITS[0]] != split[SPLITS[1]]:
            faults.append(
                f"{shown(path)}: {split[SPLITS[0]]} to calibrate, {split[SPLITS[1]]} to check (expected: as many)"
            )
        counts[name] = split
    for document in found:
        if covered[document] < MIN_QUESTIONS_PER_DOCUMENT:
            faults.append(
                f"examples/handbook/{document}: {covered[document]} questions"
                f" (expected: >= {MIN_QUESTIONS_PER_DOCUMENT})"
            )
    return counts


def other_versions():
    """What is installed in another version than the pinned one, or not at all."""
    found = []
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith("#"):
            name, pinned = line.strip().split("==")
            try:
                installed = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                installed = "not installed"
            if installed != pinned:
                found.append(f"{name} {installed} (expected: {pinned})")
    return found


def generated(found, faults):
    """Whether the PDF and DOCX documents are what their sources make; a sentence about it."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(HERE))
    import generate

    targets = {generate.target(source).as_posix() for source in SOURCES.glob("*.md")}
    committed = {name for name in found if name.endswith((".pdf", ".docx"))}
    for name in sorted(committed - targets):
        faults.append(f"examples/handbook/{name}: has no source in {shown(SOURCES)}")
    for name in sorted(targets - committed):
        faults.append(f"examples/handbook/{name}: has a source but is missing; run dev/handbook/generate.py")
    try:
        import docx  # noqa: F401
        import reportlab  # noqa: F401
    except ImportError as error:
        return f"generated documents: not compared, {error.name} is not installed (see {shown(HERE)}/requirements.txt)"
    with tempfile.TemporaryDirectory() as folder:
        try:
            generate.generate(Path(folder))
        except generate.SourceError as error:
            faults.append(f"{shown(SOURCES)}/{error}")
            return "generated documents: could not be made"
        stale = [
            name
            for name in sorted(targets & committed)
            if (Path(folder) / name).read_bytes() != found[name].read_bytes()
        ]
    versions = other_versions()
    hint = f"; other versions than the pinned ones: {', '.join(versions)}" if versions else ""
    for name in stale:
        faults.append(f"examples/handbook/{name}: differs from its source; run dev/handbook/generate.py{hint}")
    return f"generated documents: {len(targets & committed) - len(stale)} of {len(targets)} current"


def main():
    faults = []
    found = documents(faults)
    references(found, faults)
    counts = questions(found, faults)
    about_generated = generated(found, faults)

    formats = collections.Counter(Path(name).suffix for name in found)
    print(f"documents: {len(found)} ({', '.join(f'{formats[suffix]} {suffix[1:]}' for suffix in FORMATS)})")
    for name, split in counts.items():
        near = f", {split['near']} of them near the subject" if split["near"] else ""
        total = sum(split[side] for side in SPLITS)
        print(f"{name}: {total} questions ({', '.join(f'{split[side]} {side}' for side in SPLITS)}{near})")
    print(about_generated)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
