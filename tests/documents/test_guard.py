"""The guard refuses every hostile workbook by name and lets honest ones through."""

from __future__ import annotations

import os
import random
import zipfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents import container, guard, plain_rows, sheet_scan
from desktop_app.documents.guard import inspect_workbook
from desktop_app.documents.sheet_scan import scan_sheet
from desktop_app.domain.errors import UntrustedError
from tests.documents.hostile_workbooks import FOUND_BY_THE_PARSER, GOOD, HOSTILE
from tests.documents.mutants import mutants
from tests.documents.workbooks import (
    NAMESPACE,
    SHEET,
    STYLES,
    parts,
    rows_xml,
    sheet_xml,
    with_sheet,
    workbook,
    zipped,
)

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "200"))


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - FOUND_BY_THE_PARSER))
def test_a_hostile_workbook_is_refused_by_name(name: str) -> None:
    code, make = HOSTILE[name]
    with pytest.raises(UntrustedError) as caught:
        inspect_workbook(make())
    assert caught.value.code == code


def test_the_corpus_has_at_least_25_hostile_workbooks() -> None:
    assert len(HOSTILE) >= 25


def test_an_honest_workbook_passes_with_its_rectangle() -> None:
    inspected = inspect_workbook(workbook([("a", "b", "c"), (), (1, None, "x")]))
    assert inspected.sheet == "报名"
    assert (inspected.facts.last_row, inspected.facts.last_column) == (3, 3)
    assert not inspected.facts.odd


def test_the_row_cap_is_at_least_100_000_and_reached() -> None:
    assert sheet_scan.MAX_ROWS >= 100_000
    last = sheet_scan.MAX_ROWS
    rows = f'<row r="{last}"><c r="A{last}"><v>1</v></c></row>'
    assert inspect_workbook(with_sheet(sheet_xml(rows))).facts.last_row == last


def test_a_million_empty_rows_do_no_harm() -> None:
    empty = "".join(f'<row r="{n}" ht="14"/>' for n in range(3, 1_048_577))
    facts = inspect_workbook(
        with_sheet(sheet_xml(rows_xml([("姓名",), ("罗雨桐",)]) + empty))
    ).facts
    assert facts.last_row == 2


def test_formatted_but_empty_cells_do_not_widen_the_rectangle() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="900000" s="1"/>'
    facts = inspect_workbook(with_sheet(sheet_xml(far))).facts
    assert (facts.last_row, facts.last_column) == (1, 1)


def test_prefixed_tags_and_cells_without_places_are_counted_too() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{NAMESPACE}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c>'
        "<x:c><x:v>2</x:v></x:c></x:row><x:row/><x:row><x:c t='e'><x:v>#N/A</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    facts = inspect_workbook(with_sheet(xml)).facts
    assert (facts.last_row, facts.last_column) == (3, 2)
    assert facts.odd == {(3, 1): "error"}


@pytest.mark.parametrize(
    ("inner", "odd"),
    [
        ("<f>A1</f><v>7</v>", None),
        ("<f>A1</f><v> </v>", "formula"),
        ("<f>A1</f><v></v>", "formula"),
        ("<f>A1</f><v/>", "formula"),
        ("<f>A1</f>", "formula"),
        ("<f/>", "formula"),
        ("<f><![CDATA[A1]]></f><v><![CDATA[7]]></v>", None),
    ],
)
def test_a_formula_counts_as_odd_only_without_a_value(inner: str, odd: str | None) -> None:
    rows = f'<row r="1"><c r="A1">{inner}</c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    facts = inspect_workbook(with_sheet(sheet_xml(rows, "<pageMargins left='1'/>"))).facts
    assert facts.odd == ({(1, 1): odd} if odd else {})


def test_a_formula_in_a_validation_rule_is_no_cell() -> None:
    after = (
        "<extLst><ext><x14:f xmlns:x14='y'>A1</x14:f><x14:v xmlns:x14='y'>1</x14:v></ext></extLst>"
    )
    facts = inspect_workbook(with_sheet(sheet_xml(rows_xml([("a",)]), after))).facts
    assert (facts.last_row, facts.last_column, facts.odd) == (1, 1, {})


def test_a_hidden_sheet_is_passed_over_and_other_sheets_are_named() -> None:
    members = parts()
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        b"<sheets>",
        '<sheets><sheet name="代码" sheetId="8" state="hidden" r:id="rId8"/>'
        '<sheet name="说明" sheetId="9" r:id="rId9"/>'.encode(),
    )
    relation = '<Relationship Id="rId{0}" Type="x/worksheet" Target="/xl/worksheets/sheet{0}.xml"/>'
    members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", (relation.format(8) + relation.format(9) + "</Relationships>").encode()
    )
    members["xl/worksheets/sheet8.xml"] = members[SHEET]
    members["xl/worksheets/sheet9.xml"] = sheet_xml("").encode()
    inspected = inspect_workbook(zipped(members))
    assert inspected.sheet == "报名"
    assert inspected.others == ("说明",)


@pytest.mark.parametrize(
    ("module", "name", "value", "code"),
    [
        (container, "MAX_FILE_BYTES", 100, "workbook.too_large"),
        (container, "MAX_INFLATED_BYTES", 100, "workbook.bomb"),
        (guard, "MAX_SMALL_PART_BYTES", 100, "workbook.bomb"),
        (sheet_scan, "MAX_CELLS", 1, "workbook.bomb"),
        (sheet_scan, "MAX_ROWS", 1, "workbook.too_many_rows"),
        (sheet_scan, "MAX_COLUMNS", 1, "workbook.too_wide"),
        (sheet_scan, "MAX_AREA", 1, "workbook.bomb"),
    ],
)
def test_every_cap_bites(
    module: object, name: str, value: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, value)
    with pytest.raises(UntrustedError) as caught:
        inspect_workbook(workbook([("a", "b"), ("c", "d"), ("e", "f")]))
    assert caught.value.code == code


@pytest.mark.parametrize("seed", range(4))
def test_counting_in_bulk_gives_the_verdict_of_counting_one_by_one(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (
            f"儿童{n}",
            n,
            None if n % 3 else ('s="1"', ""),
            ('t="e"', "<v>#N/A</v>") if n % 7 == 0 else n,
        )
        for n in range(40)
    ]
    samples = list(mutants(workbook(rows), ROUNDS, random.Random(seed)))
    in_bulk = [verdict(sample) for sample in samples]
    monkeypatch.setattr(sheet_scan, "is_plain", lambda _block: False)
    assert in_bulk == [verdict(sample) for sample in samples]


def test_rows_as_programs_write_them_are_counted_in_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def places(block: bytes) -> list[plain_rows.Place]:
        counted.append(len(block))
        return plain_rows.places(block)

    monkeypatch.setattr(sheet_scan, "places", places)
    styled = '<row r="9" spans="1:2" x14ac:dyDescent="0.25"><c r="A9" s="1" t="s"><v>0</v></c><c r="C9" s="1"/></row>'
    xml = sheet_xml(rows_xml([("罗雨桐", 1, True)]) + styled)
    facts = scan_sheet([xml.encode()])
    assert (facts.last_row, facts.last_column) == (9, 3)
    assert sum(counted) > len(styled)


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_where_the_stream_is_cut_does_not_matter(size: int) -> None:
    xml = sheet_xml(rows_xml([("罗雨桐", 1), (), ("x", None, ('t="e"', "<v>#N/A</v>"))])).encode()
    pieces = [xml[at : at + size] for at in range(0, len(xml), size)]
    assert scan_sheet(pieces) == scan_sheet([xml])


def test_a_workbook_without_styles_or_strings_passes() -> None:
    members = {name: data for name, data in parts().items() if name != STYLES}
    assert inspect_workbook(zipped(members, zipfile.ZIP_STORED)).facts.last_row == 2


@given(st.binary(max_size=400))
def test_any_bytes_meet_a_refusal_and_nothing_else(data: bytes) -> None:
    with pytest.raises(UntrustedError):
        inspect_workbook(b"PK\x03\x04" + data)


def verdict(data: bytes) -> str:
    """Give the refusal's code, or passed with what was found."""
    try:
        inspected = inspect_workbook(data)
    except UntrustedError as error:
        return error.code
    return f"passed {inspected}"


def test_mutants_meet_a_verdict_and_nothing_else() -> None:
    found = map(verdict, mutants(GOOD, 5 * ROUNDS, random.Random(20180314)))
    verdicts = Counter(one.split()[0] for one in found)
    known = {code for code, _ in HOSTILE.values()} | {"workbook.too_large", "passed"}
    assert verdicts.keys() <= known
    # A mutator that never or always breaks the file would prove nothing.
    assert ROUNDS // 4 < verdicts["passed"] < 4 * ROUNDS
