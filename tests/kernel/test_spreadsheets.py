"""Tables out: nothing calculates. Tables in: every Excel's CSV, and a sentence for what cannot be used."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kernel.spreadsheets import writing
from kernel.spreadsheets.guard import TRIGGERS, guarded, unguarded
from kernel.spreadsheets.reading import MOST_BYTES, Table, read_table
from kernel.spreadsheets.writing import Cell, TooManyRows, csv_pieces, write_xlsx

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FORMULA_MARKS = tuple("=+-@＝＋－＠")
AT = datetime(2026, 7, 1, 12, 30, 15, 999, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
risky = st.builds(str.__add__, st.sampled_from([*sorted(TRIGGERS), "'", "''", "'=", "\t=", ";=", "\n="]), texts)
cells = st.one_of(texts, risky)


def csv_bytes(header: Sequence[object], rows: list[list[Cell]], **options: str) -> bytes:
    """The whole file."""
    return b"".join(csv_pieces(header, rows, zone=STOCKHOLM, **options))


def xlsx_bytes(header: Sequence[object], rows: list[list[Cell]]) -> bytes:
    """The whole workbook."""
    target = io.BytesIO()
    write_xlsx(target, header, rows, zone=STOCKHOLM, title="Incidents: open/late")
    return target.getvalue()


def said(table: Table) -> list[str]:
    """The problems as sentences."""
    return [f"{problem.line}: {problem}" for problem in table.problems]


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=4))
def test_no_cell_of_a_csv_file_begins_a_formula(rows: list[list[Cell]]) -> None:
    text = csv_bytes(["=a", "@b"], rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if cell and cell[0] in TRIGGERS], row


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=4), st.sampled_from([";", "\t", "|"]))
@example([["x", "a;=1+1"]], ";")
@example([["x", 'a\n"=1+1']], ";")
def test_nor_in_a_spreadsheet_that_splits_elsewhere(rows: list[list[Cell]], delimiter: str) -> None:
    text = csv_bytes(["=a", "@b"], rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.lstrip("\t\r\n")[:1] in FORMULA_MARKS], row


@given(cells)
def test_the_apostrophe_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.lists(st.tuples(st.just("x"), cells).map(list), max_size=5))
def test_what_goes_out_comes_in_again_trimmed(rows: list[list[Cell]]) -> None:
    table = read_table(csv_bytes(["name", "=note"], rows))
    assert table.header == ("name", "=note")
    assert table.problems == ()
    assert [row.cells["=note"] for row in table.rows] == [str(note).strip() for _, note in rows]


@given(cells)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes([text.strip() or "h"], [[text]]))).active
    assert sheet is not None
    assert "f" not in [cell.data_type for row in sheet.iter_rows() for cell in row]


def test_csv_cells_keep_their_kinds() -> None:
    row: list[Cell] = ["Malmö", -5, 1.5, Decimal("2.50"), True, None, AT, date(2026, 7, 1), "-5"]
    assert (
        csv_bytes(["a"], [row])
        == ('\ufeff"a"\r\n"Malmö",-5,1.5,2.50,"true","","2026-07-01 14:30:15+02:00","2026-07-01","\'-5"\r\n').encode()
    )
    assert csv_bytes(["a", "b"], [["x", 1]], delimiter=";").endswith(b'"a";"b"\r\n"x";1\r\n')


def test_workbook_cells_keep_their_kinds() -> None:
    row: list[Cell] = [
        "=1+1",
        -5,
        Decimal("2.50"),
        True,
        None,
        AT,
        date(2026, 7, 1),
        10**20,
        date(1850, 1, 1),
        "a\x07b",
    ]
    workbook = load_workbook(io.BytesIO(xlsx_bytes([f"h{n}" for n in range(10)], [row])))
    sheet = workbook["Incidents  open late"]
    values = [
        value.isoformat() if isinstance(value, datetime) else value for value in (cell.value for cell in sheet[2])
    ]
    assert values[:5] == ["=1+1", -5, 2.5, True, None]
    assert values[5:7] == ["2026-07-01T14:30:15", "2026-07-01T00:00:00"]
    assert values[7:] == ["100000000000000000000", "1850-01-01", "ab"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_a_long_text_is_cut_where_excel_refuses_it() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(["a"], [["x" * 40_000]]))).worksheets[0]
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("x…")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        csv_bytes(["a"], [[AT.replace(tzinfo=None)]])
    with pytest.raises(ValueError, match="has no time zone"):
        xlsx_bytes(["a"], [[AT.replace(tzinfo=None)]])


def test_too_many_rows_for_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "XLSX_ROWS", 3)
    assert xlsx_bytes(["a"], [[1], [2]])
    with pytest.raises(TooManyRows, match="An Excel sheet holds 3 rows"):
        xlsx_bytes(["a"], [[1], [2], [3]])


def test_csv_comes_in_pieces_before_all_rows_are_read() -> None:
    asked: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for n in range(1000):
            asked.append(n)
            yield [n]

    pieces = csv_pieces(["n"], rows(), zone=UTC)
    first = next(pieces)
    assert first.startswith(b'\xef\xbb\xbf"n"\r\n0\r\n')
    assert len(asked) == 200
    assert b"".join([first, *pieces]).count(b"\r\n") == 1001


SWEDISH = "Namn;Ort;Anmärkning\r\nSkrivare på övervåningen;Malmö;röd lampa\r\nKopiator;Växjö;ok\r\n"
CHINESE = "名称,地点\r\n打印机,上海\r\n路由器,北京 2号\r\n"


@pytest.mark.parametrize(
    ("text", "codec", "encoding", "delimiter"),
    [
        (SWEDISH, "utf-8", "UTF-8", ";"),
        (SWEDISH, "utf-8-sig", "UTF-8", ";"),
        (SWEDISH, "cp1252", "Windows-1252", ";"),
        (SWEDISH.replace(";", "\t"), "utf-16", "UTF-16", "\t"),
        (SWEDISH.replace(";", "\t"), "utf-16-le", "UTF-16", "\t"),
        (SWEDISH.replace(";", "\t"), "utf-16-be", "UTF-16", "\t"),
        (SWEDISH.replace(";", "|"), "utf-8", "UTF-8", "|"),
        (CHINESE, "gb18030", "GB18030", ","),
        (CHINESE, "gb2312", "GB18030", ","),
        (CHINESE, "utf-8-sig", "UTF-8", ","),
        (CHINESE, "utf-16", "UTF-16", ","),
    ],
)
def test_each_usual_encoding_and_separator(text: str, codec: str, encoding: str, delimiter: str) -> None:
    table = read_table(text.encode(codec))
    lines = [line.split(delimiter) for line in text.splitlines()]
    assert table.header == tuple(lines[0])
    assert [list(row.cells.values()) for row in table.rows] == lines[1:]
    assert (table.encoding, table.delimiter, table.problems) == (encoding, delimiter, ())


def test_excels_own_line_about_the_separator_is_obeyed() -> None:
    table = read_table(b"sep=^\r\na^b;c\r\n1^2\r\n")
    assert table.header == ("a", "b;c")
    assert table.rows[0] == (3, {"a": "1", "b;c": "2"})


def test_separators_in_quotes_do_not_count() -> None:
    assert read_table(b'"a;b;c",d\n1,2\n').header == ("a;b;c", "d")
    assert read_table(b"alone\n1\n").header == ("alone",)


def test_rows_keep_the_line_they_begin_on() -> None:
    table = read_table(b'\n name , note \r\nfirst,"two\nlines"\n,\n\nsecond\nthird,x,,\n')
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (3, {"name": "first", "note": "two\nlines"}),
        (7, {"name": "second", "note": ""}),
        (8, {"name": "third", "note": "x"}),
    ]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (b"", ["1: The file is empty. The first line names the columns."]),
        (b"\n ; \n", ["1: The file is empty. The first line names the columns."]),
        (b"a;;b\n1;2;3\n", ["1: Column 2 has no name. Name it in the first line."]),
        (b"a;A\n", ["1: Two columns are named “A”. Rename or remove one."]),
        (b"a;b\n1;2;3\n4;5\n", ["2: Line 2 has 3 cells, but only 2 columns have names."]),
        (b"a\n1\n2\n3\n4\n", ["5: Only 3 rows are read at a time. Split the file."]),
        (
            b'a,b\n1,"2\n3,4\n',
            [
                "2: From line 2 on the file cannot be read: a quotation mark is not closed or stands inside a cell, "
                "or a cell is too long."
            ],
        ),
        (b"x" * (MOST_BYTES + 1), ["1: The file is larger than 20 MB. Split it."]),
        (b"PK\x03\x04 not a workbook", ["1: The workbook cannot be read. Save it again as .xlsx or as CSV."]),
        (b";".join(b"c%d" % n for n in range(201)), ["1: The file has more than 200 columns."]),
    ],
)
def test_what_cannot_be_used_is_said(content: bytes, problems: list[str]) -> None:
    assert said(read_table(content, most_rows=3)) == problems


def test_good_rows_beside_bad_ones_are_kept() -> None:
    table = read_table(b'a;b\n1;2;3\n4;5\n6;"7\n')
    assert [row.cells for row in table.rows] == [{"a": "4", "b": "5"}]
    assert [problem.line for problem in table.problems] == [2, 4]


def test_a_workbook_comes_in_as_its_csv_would() -> None:
    rows: list[list[Cell]] = [["=x", 5, 1.5, True, date(2026, 7, 1), AT], ["y", None, None, None, None, None]]
    table = read_table(xlsx_bytes(["name", "n", "f", "b", "d", "t"], rows))
    assert table.encoding == "Excel"
    assert [list(row.cells.values()) for row in table.rows] == [
        ["=x", "5", "1.5", "true", "2026-07-01", "2026-07-01 14:30:15"],
        ["y", "", "", "", "", ""],
    ]


def test_a_workbook_that_lies_about_its_size_is_read_in_time() -> None:
    book = Workbook()
    book.worksheets[0].append(["a"])
    book.worksheets[0]["A3"] = "x"
    honest = io.BytesIO()
    book.save(honest)
    lying = io.BytesIO()
    with zipfile.ZipFile(honest) as parts, zipfile.ZipFile(lying, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            out.writestr(name, parts.read(name).replace(b'ref="A1:A3"', b'ref="A1:XFD1048576"'))
    table = read_table(lying.getvalue())
    assert [(row.line, row.cells) for row in table.rows] == [(3, {"a": "x"})]


def test_a_workbook_with_a_gap_of_a_million_lines_is_not_read_to_its_end() -> None:
    book = Workbook()
    book.worksheets[0].append(["a"])
    book.worksheets[0]["A1048576"] = "x"
    target = io.BytesIO()
    book.save(target)
    assert said(read_table(target.getvalue())) == ["100001: Only 50000 rows are read at a time. Split the file."]


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_of_millions_of_empty_elements_is_refused(part: str) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(part, b"<si/>" * 3_000_001)
    assert len(bomb.getvalue()) < 100_000
    assert said(read_table(bomb.getvalue())) == ["1: The workbook is too large when unpacked. Save it as CSV."]


def test_a_workbook_that_swells_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        for n in range(3):
            parts.writestr(f"xl/{n}.xml", b"0" * (100 * 1024 * 1024))
    assert said(read_table(bomb.getvalue())) == ["1: The workbook is too large when unpacked. Save it as CSV."]


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table(content: bytes) -> None:
    assert read_table(content).encoding in {"UTF-8", "UTF-16", "GB18030", "Windows-1252", "Excel"}


WORKBOOK = xlsx_bytes(["a"], [["x"]])


@given(st.integers(4, len(WORKBOOK)), st.binary(min_size=1, max_size=60))
def test_any_damaged_workbook_gives_a_problem(at: int, damage: bytes) -> None:
    table = read_table(WORKBOOK[:at] + damage + WORKBOOK[at + len(damage) :])
    assert table.problems or table.rows
