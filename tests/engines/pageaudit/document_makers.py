"""Documents as small as can be, made part by part: what Word, LibreOffice and others write, without them."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf

from traam.engines.pageaudit.values import Finding

SENTENCE = (
    "Les élèves lisent le texte et répondent aux questions dans le cahier, puis ils comparent leurs réponses avec "
    "celles du groupe pour en discuter avec le professeur."
)
ENGLISH = (
    "The pupils read the text and answer the questions in the book, then they share what they have found with the rest "
    "of the group and discuss it with the teacher in the room."
)


def said(finding: Finding) -> str:
    """What a finding shows, without the name of the document."""
    return finding.element.partition(" › ")[2]


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


# Word and PowerPoint.

_OFFICE = "application/vnd.openxmlformats-officedocument"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'xmlns:r="{_RELATION}"'
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre3"><w:name w:val="heading 3"/></w:style>'
)
THEME = (
    f"<a:theme {_SPACES}><a:themeElements><a:clrScheme>"
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
    '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    '<a:dk2><a:srgbClr val="1F497D"/></a:dk2><a:lt2><a:srgbClr val="EEECE1"/></a:lt2>'
    '<a:accent1><a:srgbClr val="4F81BD"/></a:accent1></a:clrScheme></a:themeElements></a:theme>'
)


def relations(entries: Mapping[str, tuple[str, str]]) -> str:
    """`{identifier: (kind, target)}`; a target with a colon or a backslash is outside the document."""
    rows = "".join(
        f'<Relationship Id="{one}" Type="{_RELATION}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if ':' in target else ''}/>"
        for one, (kind, target) in entries.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def properties(title: str = "Lire une carte", author: str = "", last: str = "") -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{last}</cp:lastModifiedBy></cp:coreProperties>"
    )


def paragraph(text: str = "", style: str = "", run: str = "", more: str = "") -> str:
    """`run` are the properties of its words, `more` what follows them in it."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    words = f"<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p>{styled}{words}{more}</w:p>"


def word(
    body: str, *, language: str = "fr-FR", core: str = "", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A .docx around the body; `parts` are added, or replace those that are made here."""
    tag = f'<w:lang w:val="{language}"/>' if language else ""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(
            {
                "s": ("styles", "styles.xml"),
                "t": ("theme", "theme.xml"),
                "c": ("comments", "comments.xml"),
                "i1": ("image", "media/image1.jpg"),
            }
        ),
        "word/styles.xml": f"<w:styles {_SPACES}><w:docDefaults><w:rPrDefault><w:rPr>{tag}</w:rPr></w:rPrDefault>"
        f"</w:docDefaults>{STYLES}</w:styles>",
        "word/theme.xml": THEME,
        "docProps/core.xml": core or properties(),
        **(parts or {}),
    }
    return archive(made)


def drawing(said: str = "", *, decorative: bool = False, kind: str = "picture") -> str:
    """A paragraph with a picture, a chart…"""
    mark = '<a:extLst><a:ext uri="{C183D7F6}"><adec:decorative val="1"/></a:ext></a:extLst>' if decorative else ""
    uri = f"http://schemas.openxmlformats.org/drawingml/2006/{kind}"
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Image 1" descr="{said}">{mark}</wp:docPr><a:graphic>'
        f'<a:graphicData uri="{uri}"><pic:pic><pic:blipFill><a:blip r:embed="i1"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def table(rows: Sequence[Sequence[str]], *, header: bool = False, cell: str = "") -> str:
    """`cell` are the properties of the first cell."""
    made = ""
    for at, row in enumerate(rows):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if header and at == 0 else ""
        cells = "".join(
            f"<w:tc><w:tcPr>{cell if (at, place) == (0, 0) else ''}</w:tcPr>{paragraph(text)}</w:tc>"
            for place, text in enumerate(row)
        )
        made += f"<w:tr>{mark}{cells}</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def title_shape(text: str) -> str:
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="1" name="Titre 1"/><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:spPr/>'
        f'<p:txBody><a:p><a:r><a:rPr lang="fr-FR"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def text_shape(text: str, *, run: str = "", fill: str = "", lang: str = "fr-FR", size: str = "1200") -> str:
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="Zone de texte 1"/><p:nvPr/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="900" cy="900"/></a:xfrm>{fill}</p:spPr>'
        f'<p:txBody><a:p><a:r><a:rPr lang="{lang}" sz="{size}">{run}</a:rPr><a:t>{text}</a:t></a:r></a:p></p:txBody>'
        "</p:sp>"
    )


def picture_shape(said: str = "") -> str:
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="3" name="Image 3" descr="{said}"/><p:nvPr/></p:nvPicPr><p:blipFill>'
        '<a:blip r:embed="i1"/></p:blipFill><p:spPr><a:xfrm><a:off x="0" y="5000"/><a:ext cx="9" cy="9"/></a:xfrm>'
        "</p:spPr>"
        "</p:pic>"
    )


def slides(*trees: str, hidden: Sequence[int] = (), parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A .pptx of one slide for each tree of shapes; `hidden` are numbers of slides, from 1."""
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{_OFFICE}.presentationml.presentation.main+xml"/>'
        "</Types>",
        "_rels/.rels": relations({"r1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"<p:presentation {_SPACES}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{256 + at}" r:id="s{at}"/>' for at in range(len(trees)))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"s{at}": ("slide", f"slides/slide{at + 1}.xml") for at in range(len(trees))}
        ),
        "ppt/slideLayouts/layout1.xml": f"<p:sldLayout {_SPACES}><p:cSld><p:spTree/></p:cSld></p:sldLayout>",
        "ppt/slideLayouts/_rels/layout1.xml.rels": relations({"m": ("slideMaster", "../slideMasters/master1.xml")}),
        "ppt/slideMasters/master1.xml": f"<p:sldMaster {_SPACES}><p:cSld><p:bg><p:bgRef idx='1001'>"
        '<a:schemeClr val="bg1"/></p:bgRef></p:bg><p:spTree/></p:cSld><p:clrMap bg1="lt1" tx1="dk1" accent1="accent1"/>'
        "</p:sldMaster>",
        "ppt/slideMasters/_rels/master1.xml.rels": relations({"t": ("theme", "../theme1.xml")}),
        "ppt/theme1.xml": THEME,
        "docProps/core.xml": properties(),
    }
    for number, tree in enumerate(trees, 1):
        shown = ' show="0"' if number in hidden else ""
        made[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_SPACES}{shown}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld></p:sld>"
        )
        made[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(
            {
                "l": ("slideLayout", "../slideLayouts/layout1.xml"),
                "i1": ("image", "../media/image1.png"),
                "c": ("comments", f"../comments/comment{number}.xml"),
            }
        )
    return archive({**made, **(parts or {})})


def comment_of_slide(text: str) -> str:
    return f"<p:cmLst {_SPACES}><p:cm><p:text>{text}</p:text></p:cm></p:cmLst>"


def comments(text: str, author: str) -> str:
    return f'<w:comments {_SPACES}><w:comment w:author="{author}">{paragraph(text)}</w:comment></w:comments>'


# OpenDocument.

_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_OPEN_SPACES = " ".join(
    f'xmlns:{short}="{_OPEN}:{name}:1.0"'
    for short, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "meta": "meta",
        "presentation": "presentation",
        "manifest": "manifest",
    }.items()
) + (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)


def open_document(
    body: str,
    *,
    kind: str = "text",
    automatic: str = "",
    language: str = "fr",
    title: str = "Lire une carte",
    meta: str = "",
    head: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An .odt (or an .odp: `kind` "presentation") around its body; `automatic` are the styles made as it was typed."""
    family = "paragraph" if kind == "text" else "graphic"
    tag = f'fo:language="{language}" fo:country="FR"' if language else ""
    made: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {_OPEN_SPACES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>",
        "styles.xml": f"<office:document-styles {_OPEN_SPACES}><office:styles>"
        f'<style:default-style style:family="{family}"><style:text-properties fo:font-size="12pt" {tag}/>'
        f'</style:default-style><style:style style:name="Standard" style:family="{family}"/>'
        f"</office:styles><office:master-styles><style:master-page style:name='M'>{head}</style:master-page>"
        "</office:master-styles>"
        "</office:document-styles>",
        "meta.xml": f"<office:document-meta {_OPEN_SPACES}><office:meta><dc:title>{title}</dc:title>{meta}"
        "</office:meta></office:document-meta>",
        **(parts or {}),
    }
    return archive(made)


def enciphered_manifest() -> str:
    return (
        f'<manifest:manifest {_OPEN_SPACES}><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )


def open_style(name: str, text: str = "", family: str = "paragraph", more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="Standard">'
        f"<style:text-properties {text}/>{more}</style:style>"
    )


# PDF.


def pdf(
    content: bytes = b"",
    *,
    tags: Sequence[pikepdf.Dictionary] | None = None,
    title: str = "Lire une carte",
    author: str = "",
    language: str = "fr-FR",
    resources: Mapping[str, Any] | None = None,
    pages: int = 1,
    encryption: pikepdf.Encryption | None = None,
    root: Mapping[str, Any] | None = None,
    page: Mapping[str, Any] | None = None,
) -> bytes:
    """A PDF whose pages all draw `content`; `tags` are the elements of its structure, all of its first page."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for _ in range(pages):
        made.add_blank_page(page_size=(600, 800))
        one = made.pages[-1].obj
        one.Contents = made.make_stream(content)
        one.Resources = pikepdf.Dictionary({"/Font": pikepdf.Dictionary(F=font), **(resources or {})})
        for name, value in (page or {}).items():
            one[name] = value
    if language:
        made.Root.Lang = pikepdf.String(language)
    if tags is not None:
        made.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        for tag in tags:
            tag.Pg = made.pages[0].obj
        tree = pikepdf.Dictionary(
            Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Array([made.make_indirect(tag) for tag in tags])
        )
        made.Root.StructTreeRoot = made.make_indirect(tree)
    made.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    made.docinfo["/Title"], made.docinfo["/Author"] = title, author
    for name, value in (root or {}).items():
        made.Root[name] = value
    written = io.BytesIO()
    made.save(written, encryption=encryption if encryption else False)
    return written.getvalue()


def tag(kind: str, *kids: Any, **more: Any) -> pikepdf.Dictionary:
    """An element of the structure: `kids` are other elements, or numbers of marked content."""
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), K=pikepdf.Array(list(kids)), **more)


def marked(number: int, words: str, kind: str = "P", look: str = "0 g") -> bytes:
    drawn = words.encode("cp1252")
    return (
        f"/{kind} <</MCID {number}>> BDC BT {look} /F 12 Tf 50 {700 - 20 * number} Td (".encode()
        + drawn
        + b") Tj ET EMC\n"
    )


# Pictures.


def exif(*, north: tuple[int, int, int] | None = None, artist: bytes = b"", south: bool = False) -> bytes:
    """A block of Exif with a place (degrees, minutes, seconds, the same towards the east) and an artist."""
    order = ">"
    head = struct.pack(">2sHI", b"MM", 42, 8)
    rows, data = [], b""
    start = 8 + 2 + 12 * 2 + 4
    if artist:
        rows.append(struct.pack(f"{order}HHII", 0x013B, 2, len(artist), start + len(data)))
        data += artist
    if north:
        place = start + len(data)
        rows.append(struct.pack(f"{order}HHII", 0x8825, 4, 1, place))
        at = place + 2 + 12 * 4 + 4
        numbers = b"".join(struct.pack(">II", one, 1) for one in north)
        data += struct.pack(">H", 4)
        data += struct.pack(">HHI4s", 1, 2, 2, b"S\0\0\0" if south else b"N\0\0\0") + struct.pack(">HHII", 2, 5, 3, at)
        data += struct.pack(">HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack(">HHII", 4, 5, 3, at)
        data += struct.pack(">I", 0) + numbers
    while len(rows) < 2:
        rows.append(struct.pack(">HHII", 0x0100, 4, 1, 1))
    return head + struct.pack(">H", 2) + b"".join(rows) + struct.pack(">I", 0) + data


def jpeg(block: bytes = b"", *, head: bytes = b"Exif\0\0", marker: int = 0xE1) -> bytes:
    """The bones of a JPEG: what it says, no drawing."""
    body = head + block
    said = struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body if block else b""
    return b"\xff\xd8" + said + b"\xff\xda\x00\x02" + b"\x11" * 10 + b"\xff\xd9"


def png(name: bytes = b"", body: bytes = b"") -> bytes:
    chunks = [(b"IHDR", b"\0" * 13), *([(name, body)] if name else []), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I4s", len(one), kind) + one + b"\0\0\0\0" for kind, one in chunks
    )


def webp(name: bytes, body: bytes) -> bytes:
    chunk = name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
