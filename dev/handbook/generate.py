#!/usr/bin/env python3
"""Turns dev/handbook/sources/*.{pdf,docx}.md into the PDF and DOCX documents of examples/handbook.

    pip install -r dev/handbook/requirements.txt
    python3 dev/handbook/generate.py                 # writes into examples/handbook
    python3 dev/handbook/generate.py --into DIR      # writes the same tree into DIR

The name of a source says where its document goes: `people--parental-leave.docx.md` becomes
`people/parental-leave.docx`. A source is Markdown of a small kind: `#` title, `##` and `###`
headings, paragraphs of one line, `-` and `1.` lists, pipe tables, **bold**, *italic*, `code`.
Anything else is refused, so that no mark-up reaches a reader as text.

The output depends on the sources alone: dates are fixed, PDF pages and zip members are stored
uncompressed (the bytes of a compressor change with its version).
"""

import argparse
import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
HANDBOOK = HERE.parent.parent / "examples" / "handbook"
COMPANY = "Korvane Ropeways"
CREATED = datetime(2025, 3, 1, 8, 0, 0)
ZIP_TIME = (2025, 3, 1, 8, 0, 0)


class Block(NamedTuple):
    """One block of a source: kind is h1, h2, h3, p, ul, ol or table."""

    kind: str
    text: str = ""
    items: tuple = ()


class SourceError(Exception):
    """A source holds something that this program does not turn into a document."""


def cells(line):
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def parse(text, name):
    """The blocks of a source, in order; the first one is the title."""
    lines = text.split("\n")
    blocks = []
    at = 0

    def run(pattern):
        nonlocal at
        found = []
        while at < len(lines) and (match := re.match(pattern, lines[at])):
            found.append(match.group(1))
            at += 1
        return tuple(found)

    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif heading := re.match(r"(#{1,3}) (.+)$", line):
            blocks.append(Block(f"h{len(heading.group(1))}", heading.group(2)))
            at += 1
        elif line.startswith("- "):
            blocks.append(Block("ul", items=run(r"- (.+)$")))
        elif re.match(r"\d+\. ", line):
            blocks.append(Block("ol", items=run(r"\d+\. (.+)$")))
        elif line.startswith("|"):
            rows = [cells(row) for row in run(r"(\|.*\|)$")]
            if len(rows) < 3 or not all(re.fullmatch(r":?-+:?", c) for c in rows[1]):
                raise SourceError(f"{name}:{at}: a table needs a head, a rule and at least one row")
            if len({len(row) for row in rows}) != 1:
                raise SourceError(f"{name}:{at}: the rows of a table differ in their number of cells")
            blocks.append(Block("table", items=(rows[0], *rows[2:])))
        elif re.match(r"[#>*+`\s]", line) and not line.startswith("**"):
            raise SourceError(f"{name}:{at + 1}: mark-up that is not known here: {line[:60]!r}")
        else:
            blocks.append(Block("p", line.strip()))
            at += 1
    titles = [block for block in blocks if block.kind == "h1"]
    if len(titles) != 1 or blocks[0].kind != "h1":
        raise SourceError(f"{name}: {len(titles)} titles (expected: one, in the first line)")
    return blocks


def spans(text):
    """Pairs of a style ('', 'b', 'i', 'code') and the text that has it."""
    for part in re.split(r"(\*\*.+?\*\*|\*.+?\*|`.+?`)", text):
        if part.startswith("**") and len(part) > 4:
            yield "b", part[2:-2]
        elif part.startswith("*") and len(part) > 2:
            yield "i", part[1:-1]
        elif part.startswith("`") and len(part) > 2:
            yield "code", part[1:-1]
        elif part:
            yield "", part


# --- PDF ---


def pdf_markup(text):
    wrap = {"": "{}", "b": "<b>{}</b>", "i": "<i>{}</i>", "code": '<font face="Courier">{}</font>'}
    return "".join(wrap[style].format(escape(part)) for style, part in spans(text))


def pdf_styles():
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=15, spaceAfter=7)
    blue = colors.HexColor("#1c3d5a")

    def heading(name, size, before):
        return ParagraphStyle(
            name, parent=body, fontName="Helvetica-Bold", fontSize=size, leading=size * 1.25,
            spaceBefore=before, spaceAfter=6, textColor=blue, keepWithNext=1,
        )

    return {
        "h1": heading("h1", 22, 0),
        "h2": heading("h2", 15, 14),
        "h3": heading("h3", 12, 9),
        "p": body,
        "li": ParagraphStyle("li", parent=body, spaceAfter=3),
        "cell": ParagraphStyle("cell", parent=body, fontSize=9.5, leading=12, spaceAfter=0),
        "head": ParagraphStyle(
            "head", parent=body, fontName="Helvetica-Bold", fontSize=9.5, leading=12, spaceAfter=0
        ),
    }


def pdf_table(rows, styles, width):
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table, TableStyle

    longest = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    shares = [min(max(length, 8), 34) for length in longest]
    data = [
        [Paragraph(pdf_markup(cell), styles["head" if at == 0 else "cell"]) for cell in row]
        for at, row in enumerate(rows)
    ]
    table = Table(
        data, colWidths=[width * share / sum(shares) for share in shares], repeatRows=1,
        hAlign="LEFT", spaceBefore=2, spaceAfter=10,
    )
    table.setStyle(
        TableStyle([
            ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#8a97a3")),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4eaf0")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ])
    )
    return table


def pdf(blocks, name):
    """The bytes of a PDF: A4, an outline of its headings, a running title and page numbers."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, ListFlowable, ListItem, PageTemplate, Paragraph

    styles = pdf_styles()
    title = blocks[0].text
    margin = 22 * mm
    width, height = A4
    out = io.BytesIO()

    class Document(BaseDocTemplate):
        def afterFlowable(self, flowable):
            level = {"h1": 0, "h2": 1, "h3": 2}.get(getattr(getattr(flowable, "style", None), "name", ""))
            if level is not None:
                key = f"heading-{self.seq.nextf('heading')}"
                self.canv.bookmarkPage(key)
                self.canv.addOutlineEntry(flowable.getPlainText(), key, level, closed=level > 0)

    def furniture(canvas, document):
        canvas.saveState()
        canvas.setFont("Helvetica", 8.5)
        if document.page > 1:
            canvas.drawString(margin, height - 14 * mm, title)
        canvas.drawString(margin, 12 * mm, COMPANY)
        canvas.drawRightString(width - margin, 12 * mm, f"Page {document.page}")
        canvas.restoreState()

    story = []
    for block in blocks:
        if block.kind in ("ul", "ol"):
            story.append(ListFlowable(
                [ListItem(Paragraph(pdf_markup(item), styles["li"])) for item in block.items],
                bulletType="bullet" if block.kind == "ul" else "1", leftIndent=18, bulletFontSize=10,
                bulletFormat=None if block.kind == "ul" else "%s.", start="bulletchar" if block.kind == "ul" else None,
            ))
        elif block.kind == "table":
            story.append(pdf_table(block.items, styles, width - 2 * margin))
        else:
            story.append(Paragraph(pdf_markup(block.text), styles[block.kind]))

    plain = " ".join([block.text + str(block.items) for block in blocks])
    outside = sorted({char for char in plain if not char.isascii() and not encodes(char)})
    if outside:
        raise SourceError(f"{name}: characters the PDF fonts lack: {' '.join(outside)} (expected: Windows-1252)")

    document = Document(
        out, pagesize=A4, title=title, author=COMPANY, subject=f"{COMPANY} handbook",
        creator=f"{COMPANY} intranet", producer="ReportLab", lang="en", invariant=1, pageCompression=0,
    )
    frame = Frame(margin, 20 * mm, width - 2 * margin, height - 40 * mm, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame], onPageEnd=furniture)])
    document.build(story)
    return out.getvalue()


def encodes(char):
    try:
        char.encode("cp1252")
        return True
    except UnicodeEncodeError:
        return False


# --- DOCX ---


def docx_runs(paragraph, text, bold=False):
    for style, part in spans(text):
        run = paragraph.add_run(part)
        run.bold = True if bold or style == "b" else None
        run.italic = True if style == "i" else None
        if style == "code":
            run.font.name = "Courier New"


def docx_restart_numbering(document, paragraphs):
    """Lets a numbered list begin at 1, where Word would go on from the list before."""
    style_num = document.styles["List Number"].element.pPr.numPr.numId.val
    numbering = document.part.numbering_part.element
    number = numbering.add_num(numbering.num_having_numId(style_num).abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number.numId


def docx_table(document, rows):
    from docx.oxml import OxmlElement

    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            docx_runs(table.cell(row, column).paragraphs[0], text, bold=row == 0)
    document.add_paragraph()


def docx_page_number(document):
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{COMPANY}, page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def docx(blocks, name):
    """The bytes of a Word document with heading styles, lists, tables and a title property."""
    import docx as python_docx

    document = python_docx.Document()
    properties = document.core_properties
    properties.title = blocks[0].text
    properties.author = COMPANY
    properties.last_modified_by = COMPANY
    properties.subject = f"{COMPANY} handbook"
    properties.comments = ""
    properties.language = "en-GB"
    properties.created = properties.modified = CREATED
    docx_page_number(document)
    for block in blocks:
        if block.kind in ("h1", "h2", "h3"):
            document.add_heading(block.text, level=int(block.kind[1]) - 1)
        elif block.kind == "p":
            docx_runs(document.add_paragraph(), block.text)
        elif block.kind == "table":
            docx_table(document, block.items)
        else:
            style = "List Bullet" if block.kind == "ul" else "List Number"
            made = [document.add_paragraph(style=style) for _ in block.items]
            for paragraph, item in zip(made, block.items):
                docx_runs(paragraph, item)
            if block.kind == "ol":
                docx_restart_numbering(document, made)
    docx_prune(document)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def docx_prune(document):
    """Drops what python-docx's template brings along unused: it is nine tenths of the file."""
    from docx.enum.style import WD_STYLE_TYPE

    kept = {"Normal Table", "Table Grid"}
    for style in [style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE and style.name not in kept]:
        style.delete()
    for owner in (document.part, document.part.package):
        for key, relation in list(owner.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del owner.rels[key]


def with_fixed_times(archive):
    """The same zip file with members stored in the same order, all of one date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            new.writestr(member, old.read(name))
    return out.getvalue()


# --- all of them ---


def target(source):
    """people--parental-leave.docx.md -> people/parental-leave.docx"""
    return Path(*source.name.removesuffix(".md").split("--"))


def generate(into):
    """Writes every document below `into`; returns their paths relative to it, sorted."""
    written = []
    for source in sorted(SOURCES.glob("*.md")):
        path = target(source)
        make = {".pdf": pdf, ".docx": docx}.get(path.suffix)
        if make is None:
            raise SourceError(f"{source.name}: {path.suffix!r} (expected: a name like people--leave.pdf.md)")
        content = make(parse(source.read_text(encoding="utf-8"), source.name), source.name)
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_bytes(content)
        written.append(path)
    return written


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--into", type=Path, default=HANDBOOK, metavar="DIR")
    into = arguments.parse_args().into
    try:
        for path in generate(into):
            print(into / path)
    except SourceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
