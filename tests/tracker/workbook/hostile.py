"""Files that are no team's workbook, are damaged, or mean harm; and in which words each is refused."""

import io
import struct
import zipfile
from itertools import pairwise

from tests.tracker.workbook.files import (
    DATA,
    HEADINGS,
    bare_parts,
    bare_row,
    bare_sheet,
    bare_workbook,
    case,
    make_workbook,
    zipped,
)
from tests.tracker.workbook.honest_ods import MIMETYPE, SPACES, TYPICAL, ods, row
from tests.tracker.workbook.made import ROWS, is_refused
from tracker.workbook import guard

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SAMPLE = (DATA / "icm-amber-valley-team-1.xlsx").read_bytes()
HEAD = bare_row(HEADINGS)
DAMAGED, TOO_LARGE, TOO_MUCH = "is damaged", "too large", "too much time or memory"
SHEET = "xl/worksheets/sheet1.xml"


def with_false_sizes(data: bytes) -> bytes:
    """Make every member of a zip say that it unpacks to 100 bytes."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = changed.find(signature)
        while place >= 0:
            struct.pack_into("<I", changed, place + offset, 100)
            place = changed.find(signature, place + 4)
    return bytes(changed)


def sheet_of(size: int, part: str) -> bytes:
    """Make a small file whose sheet unpacks to `size` bytes."""
    return bare_workbook(bare_sheet(HEAD + part * (size // len(part))))


@is_refused("is empty")
def nothing() -> bytes:
    return b""


@is_refused(TOO_LARGE)
def too_many_bytes() -> bytes:
    return b"PK\x03\x04" + bytes(guard.FILE_BYTES)


@is_refused("protected by a password")
def a_workbook_with_a_password() -> bytes:
    return OLE + "EncryptedPackage".encode("utf-16-le")


@is_refused("protected by a password")
def an_opendocument_with_a_password() -> bytes:
    manifest = f"<manifest:manifest {SPACES}><manifest:encryption-data/></manifest:manifest>"
    return zipped({"mimetype": MIMETYPE, "content.xml": b"\x01\x02\x03", "META-INF/manifest.xml": manifest})


@is_refused("protected by a password")
def an_opendocument_with_a_password_of_the_newer_kind() -> bytes:
    return zipped({"mimetype": MIMETYPE, "encrypted-package": b"\x01\x02\x03"})


@is_refused("protected by a password")
def a_zip_with_a_password() -> bytes:
    data = bytearray(zipped(bare_parts(bare_sheet(HEAD))))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(signature) + offset] |= 1
    return bytes(data)


@is_refused("old .xls workbook")
def an_old_xls() -> bytes:
    return OLE + "Workbook".encode("utf-16-le")


@is_refused("old .xls workbook")
def an_older_xls_without_a_container() -> bytes:
    return b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100)


@is_refused("older Office file")
def an_older_letter() -> bytes:
    return OLE + "WordDocument".encode("utf-16-le")


@is_refused(".xlsb")
def a_binary_workbook() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    links = parts["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    return zipped({**parts, "_rels/.rels": links, "xl/workbook.bin": b"\x83\x01\x00"})


@is_refused("web page")
def a_web_page() -> bytes:
    return b"\xef\xbb\xbf\n<!DOCTYPE html><html><table><tr><th>PIN</th></tr></table></html>"


@is_refused("text file")
def a_list_with_commas() -> bytes:
    return b"PIN,Person,Stage\n001201,Tess,Closed\n"


@is_refused("text file")
def a_list_in_two_bytes_a_character() -> bytes:
    return "PIN\tPerson\tStage\n".encode("utf-16")


@is_refused("PDF")
def a_pdf() -> bytes:
    return b"%PDF-1.7\n\x00"


@is_refused("letter (rich text)")
def a_letter_in_rich_text() -> bytes:
    return b"{\\rtf1 PIN}"


@is_refused("picture")
def a_picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(50)


@is_refused("XML file")
def a_workbook_of_2003_in_xml() -> bytes:
    return b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@is_refused("not known here")
def noise() -> bytes:
    return b"\x00\x01\x02" * 100


@is_refused("Word document")
def a_letter_renamed() -> bytes:
    return zipped({"word/document.xml": "<w/>", "_rels/.rels": "<r/>"})


@is_refused("PowerPoint")
def slides_renamed() -> bytes:
    return zipped({"ppt/presentation.xml": "<p/>", "_rels/.rels": "<r/>"})


@is_refused("letter (.odt)")
def an_opendocument_letter() -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})


@is_refused("Numbers")
def a_document_of_numbers() -> bytes:
    return zipped({"Index/Document.iwa": b"\x00"})


@is_refused("without a workbook in it")
def a_zip_of_workbooks() -> bytes:
    return zipped({"a.xlsx": SAMPLE, "b.xlsx": SAMPLE})


@is_refused("without a workbook in it")
def zips_in_zips() -> bytes:
    data = zipped({"0.txt": bytes(4_000_000)})
    for depth in range(1, 6):
        data = zipped({f"{depth}-{n}.zip": data for n in range(8)})
    return data


@is_refused(DAMAGED)
def a_workbook_cut_in_the_middle() -> bytes:
    return SAMPLE[: len(SAMPLE) // 2]


@is_refused(DAMAGED)
def a_workbook_without_its_end() -> bytes:
    return SAMPLE[:-30]


@is_refused(DAMAGED)
def a_workbook_with_a_flipped_bit() -> bytes:
    data = bytearray(SAMPLE)
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        place = archive.getinfo(SHEET).header_offset
    data[place + 200] ^= 0x10
    return bytes(data)


@is_refused(DAMAGED)
def a_sheet_cut_off() -> bytes:
    return bare_workbook(f"<worksheet><sheetData>{HEAD}")


@is_refused(DAMAGED)
def a_sheet_that_is_missing() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    del parts[SHEET]
    return zipped(parts)


@is_refused(DAMAGED)
def two_sheets_by_one_name_in_the_zip() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    return zipped({**parts, "XL/worksheets/sheet1.xml": bare_sheet(HEAD)})


@is_refused(DAMAGED)
def two_rows_by_one_number() -> bytes:
    rows = "".join(bare_row([str(n), "Tess", "Closed"], 'r="2"') for n in range(2))
    return bare_workbook(bare_sheet(HEAD + rows))


@is_refused(DAMAGED)
def an_element_where_none_belongs() -> bytes:
    return bare_workbook(bare_sheet(HEAD + bare_row(["1", "Tess"]).replace("row", "raw")))


@is_refused(DAMAGED)
def a_shared_text_that_does_not_exist() -> bytes:
    return bare_workbook(bare_sheet(HEAD + '<row><c t="s"><v>7</v></c></row>'))


@is_refused(DAMAGED)
def a_sheet_outside_of_the_file() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    links = parts["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "../../../../etc/passwd")
    return zipped({**parts, "xl/_rels/workbook.xml.rels": links})


@is_refused(DAMAGED)
def an_opendocument_with_cells_outside_of_rows() -> bytes:
    return ods(TYPICAL + row(ROWS[0]).replace("table-row", "table-raw"))


@is_refused(DAMAGED)
def a_bomb_of_entities() -> bytes:
    names = "abcdefghij"
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    return bare_workbook(f"<!DOCTYPE x [{entities}]>{bare_sheet(HEAD + bare_row(['&j;'] * 10))}")


@is_refused(DAMAGED)
def an_entity_of_one_long_text_many_times() -> bytes:
    entity = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    return bare_workbook(entity + bare_sheet(HEAD + bare_row(["&a;" * 1_000] * 10)))


@is_refused(DAMAGED)
def an_entity_from_outside() -> bytes:
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return bare_workbook(entity + bare_sheet(HEAD + bare_row(["1", "&a;"])))


@is_refused(DAMAGED)
def a_document_type_from_outside() -> bytes:
    return bare_workbook('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet/>')


@is_refused(DAMAGED)
def a_bomb_of_entities_in_the_links() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    return zipped({**parts, "_rels/.rels": f'<!DOCTYPE x [<!ENTITY a "a">]>{parts["_rels/.rels"]}'})


@is_refused(TOO_LARGE)
def a_bomb_of_blank_rows() -> bytes:
    return sheet_of(guard.UNPACKED_BYTES + 500, f"<row spans='{'1' * 200}'/>")


@is_refused(TOO_LARGE)
def a_bomb_of_elements() -> bytes:
    return sheet_of(guard.ELEMENTS * 6 + 600, "<row/>")


@is_refused(TOO_LARGE)
def a_bomb_of_text_between_elements() -> bytes:
    return sheet_of(guard.UNPACKED_BYTES + 500, " " * 1_000)


@is_refused(TOO_LARGE)
def a_bomb_of_shared_texts() -> bytes:
    return bare_workbook("<worksheet/>", shared=f"<sst>{'<si/>' * (guard.SHARED_TEXTS + 1)}</sst>")


@is_refused(TOO_LARGE)
def one_shared_text_as_large_as_a_library() -> bytes:
    text = "a" * (guard.UNPACKED_BYTES + 500)
    return bare_workbook("<worksheet/>", shared=f"<sst><si><t>{text}</t></si></sst>")


@is_refused(TOO_LARGE)
def one_text_in_many_cells() -> bytes:
    rows = ("<row>" + '<c t="s"><v>0</v></c>' * 10 + "</row>") * 100
    return bare_workbook(bare_sheet(HEAD + rows), shared=f"<sst><si><t>{'a' * 100_000}</t></si></sst>")


@is_refused(DAMAGED)
def a_bomb_with_false_sizes() -> bytes:
    return with_false_sizes(sheet_of(60_000_000, "<row/>"))


@is_refused(TOO_LARGE)
def a_bomb_in_the_styles() -> bytes:
    parts = bare_parts(bare_sheet(HEAD))
    links = parts["xl/_rels/workbook.xml.rels"].replace("sharedStrings", "styles")
    styles = f"<styleSheet><cellXfs>{'<xf/>' * (guard.STYLES + 1)}</cellXfs></styleSheet>"
    return zipped({**parts, "xl/_rels/workbook.xml.rels": links, "xl/styles.xml": styles})


@is_refused(TOO_LARGE)
def a_bomb_of_merged_cells() -> bytes:
    merges = "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * (guard.MERGES + 1) + "</mergeCells>"
    return bare_workbook(bare_sheet(HEAD, merges))


@is_refused(TOO_LARGE)
def thousands_of_parts() -> bytes:
    return zipped({f"{n}.xml": "" for n in range(guard.PARTS + 1)})


@is_refused(DAMAGED)
def a_million_columns() -> bytes:
    return bare_workbook(bare_sheet(HEAD + '<row r="2"><c r="BDWGN2"><v>1</v></c></row>'))


@is_refused("No Tracker")
def hundreds_of_thousands_of_cells_in_a_row() -> bytes:
    return bare_workbook(bare_sheet("<row>" + "<c><v>1</v></c>" * 300_000 + "</row>"))


@is_refused(DAMAGED)
def elements_a_hundred_thousand_deep() -> bytes:
    return bare_workbook(bare_sheet(HEAD, "<a>" * 100_000))


@is_refused("No Tracker")
def a_hundred_thousand_attributes_on_one_element() -> bytes:
    attributes = " ".join(f'a{n}="1"' for n in range(100_000))
    return bare_workbook(bare_sheet("", f"<a {attributes}/>"))


@is_refused(TOO_LARGE)
def an_opendocument_whose_cells_repeat_a_long_text() -> bytes:
    text = f"<text:p>{'a' * 1_000_000}</text:p>"
    cell = f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    return ods(TYPICAL + f"<table:table-row>{cell * 12}</table:table-row>")


@is_refused("more than 5,000 rows")
def an_opendocument_with_a_million_rows_in_one() -> bytes:
    return ods(TYPICAL + row(case(), 'table:number-rows-repeated="1000000"'))


@is_refused("more than 5,000 rows")
def more_cases_than_any_team_has() -> bytes:
    return bare_workbook(
        bare_sheet(HEAD + "".join(bare_row([f"{n:06}", "Tess", "Closed"]) for n in range(5_001)))
    )


@is_refused("No Tracker")
def a_rota() -> bytes:
    return make_workbook([["1", "b"]], headings=["Week", "Rota"])


@is_refused("No Tracker")
def a_workbook_with_nothing_in_it() -> bytes:
    return make_workbook([], headings=[])


@is_refused("“Person”")
def a_tracker_without_persons() -> bytes:
    return make_workbook([["1", "Closed"]], headings=["PIN", "Stage", "Action", "Owner"])


@is_refused(DAMAGED)
def a_text_where_none_belongs() -> bytes:
    return bare_workbook(bare_sheet(HEAD + "<row><c><is>Tess</is></c></row>"))
