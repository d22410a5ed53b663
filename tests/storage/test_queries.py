"""Lists, search, files and likeness give plain values, page by page, every one of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.duplicates import Candidate, blocking_keys
from desktop_app.domain.errors import StaleError
from desktop_app.domain.names import name_key
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage import queries
from desktop_app.storage.heads import read_heads
from desktop_app.storage.pinyin import spellings
from desktop_app.storage.queries import ApplicantFile, AttentionLine, SearchResult
from desktop_app.storage.rows import read_row
from desktop_app.storage.search import document, expression, tail_key, words_of
from tests.feeds.kit import DISTRICT, OTHER_SCHOOL, SCHOOL
from tests.storage.kit import CHILD, CLERK, OFFICER, PRINCIPAL, REVIEWER, Laptop

MakeLaptop = Callable[..., Laptop]


# --- lists -------------------------------------------------------------------------------------------


def pages(laptop: Laptop, which: str, limit: int) -> list[list[str]]:
    found, after = [], None
    with laptop.database.read() as connection:
        while True:
            page = queries.applicant_page(connection, SCHOOL, which, after, limit)
            found.append([line.record for line in page.lines])
            after = page.after
            if after is None:
                return found


@pytest.fixture
def many(laptop: Laptop) -> tuple[Laptop, list[str]]:
    """Register seven children, two of whom lack papers."""
    records = [
        laptop.register(receipt_number=f"X-{n}", missing_materials="HKB" if n in {1, 4} else "")
        for n in range(7)
    ]
    return laptop, records


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_hold_everybody_once_the_newest_first(
    many: tuple[Laptop, list[str]], limit: int
) -> None:
    laptop, records = many
    found = pages(laptop, "all", limit)
    assert [record for page in found for record in page] == records[::-1]
    assert all(len(page) == limit for page in found[:-1])


def test_an_empty_list_is_one_empty_page(laptop: Laptop) -> None:
    assert pages(laptop, "all", 5) == [[]]


def test_every_list_holds_what_its_name_says(make_laptop: MakeLaptop) -> None:
    laptop, other = make_laptop("one"), make_laptop("two")
    district = make_laptop("district", scope=SCHOOL, district=True, lead=None)
    laptop.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
    names = ("plain", "missing", "passed", "returned", "conflict", "decided", "asked", "answered")
    records = {name: laptop.register() for name in names}
    laptop.edit("applicant", records["missing"], missing_materials="HKB GID")
    for name in ("passed", "returned"):
        laptop.edit("applicant", records[name], PRINCIPAL, signed=True, review=name)
    laptop.give(other)
    laptop.edit("applicant", records["conflict"], full_name="王")
    other.edit("applicant", records["conflict"], full_name="汪")
    other.give(laptop)
    laptop.give(district)
    for name, status in (("decided", "admitted"), ("asked", "queried"), ("answered", "queried")):
        district.edit("applicant", records[name], OFFICER, signed=True, district_status=status)
    district.give(laptop)
    with laptop.database.read() as connection:
        asked = read_row(connection, RECORD_TYPES["applicant"], SCHOOL, records["answered"])
    assert asked is not None
    (question,) = read_heads(asked.heads, ("district_status",))["district_status"]
    laptop.edit(
        "applicant", records["answered"], PRINCIPAL, signed=True, review="passed", answers=question
    )
    everybody = set(records.values())
    expected = {
        "all": everybody,
        "complete": everybody - {records["missing"]},
        "missing": {records["missing"]},
        "to_review": everybody - {records[one] for one in ("passed", "returned", "answered")},
        "returned": {records["returned"]},
        "passed": {records["passed"], records["answered"]},
        "unanswered": {records["passed"]},
        "answered": {records["answered"]},
        "conflict": {records["conflict"]},
        "decided": {records["decided"], records["asked"], records["answered"]},
        "asked": {records["asked"]},
    }
    assert set(queries.FILTERS) == set(expected)
    for which, wanted in expected.items():
        assert set(pages(laptop, which, 50)[0]) == wanted, which
    with laptop.database.read() as connection:
        assert queries.counts(connection, SCHOOL) == {
            which: len(wanted) for which, wanted in expected.items()
        }
        line = queries.applicant_page(connection, SCHOOL, "conflict", None, 5).lines[0]
        assert line.in_conflict
        assert line.key == (line.created_at, line.record)
        assert line.receipt_number == CHILD["receipt_number"]
        assert line.review == ""


def test_a_list_that_does_not_exist_is_a_bug(laptop: Laptop) -> None:
    with pytest.raises(KeyError), laptop.database.read() as connection:
        queries.applicant_page(connection, SCHOOL, "nonsense", None, 5)


def test_lists_are_of_one_school(many: tuple[Laptop, list[str]]) -> None:
    laptop, _ = many
    with laptop.database.read() as connection:
        assert queries.counts(connection, OTHER_SCHOOL)["all"] == 0
        assert not queries.search(connection, OTHER_SCHOOL, "单", 5).both


def test_the_review_queue_begins_with_who_waits_longest(many: tuple[Laptop, list[str]]) -> None:
    laptop, records = many
    with laptop.database.read() as connection:
        first = queries.review_queue(connection, SCHOOL, None, 4)
        rest = queries.review_queue(connection, SCHOOL, first.after, 4)
    assert [line.record for line in (*first.lines, *rest.lines)] == records
    assert rest.after is None


def test_a_day_is_counted_from_its_beginning_to_before_its_end(
    many: tuple[Laptop, list[str]],
) -> None:
    laptop, _ = many
    with laptop.database.read() as connection:
        lines = queries.applicant_page(connection, SCHOOL, "all", None, 50).lines
        first, last = lines[-1].created_at, lines[0].created_at
        assert queries.day_counts(connection, SCHOOL, first, last + 1) == (7, 5, 7)
        assert queries.day_counts(connection, SCHOOL, last + 1, last + 2) == (0, 0, 0)
        within = [line for line in lines if line.created_at < last]
        assert queries.day_counts(connection, SCHOOL, first, last)[0] == len(within)


def test_what_is_due_comes_in_the_order_of_its_day(laptop: Laptop) -> None:
    record = laptop.register(receipt_number="X-1")
    for day, result in (
        ("2024-09-02", "pending_original"),
        ("2024-08-30", "correction_required"),
        ("2024-08-29", "accepted"),
        ("2024-09-09", "missing"),
        (None, "missing"),
    ):
        laptop.create("material_check", applicant=record, material="HKB", result=result, due_on=day)
    with laptop.database.read() as connection:
        due = queries.follow_up(connection, SCHOOL, "2024-09-05", None, 1)
        rest = queries.follow_up(connection, SCHOOL, "2024-09-05", due[0].key, 5)
    assert [line.due_on for line in (*due, *rest)] == ["2024-08-30", "2024-09-02"]
    assert (due[0].full_name, due[0].phone) == ("单梓涵", "13800001234")
    assert (due[0].applicant, due[0].receipt_number) == (record, "X-1")


# --- search ------------------------------------------------------------------------------------------


def find(laptop: Laptop, text: str, limit: int = 20) -> SearchResult:
    with laptop.database.read() as connection:
        return queries.search(connection, SCHOOL, text, limit)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("单梓涵", {"name"}),
        ("涵", {"name"}),
        ("梓涵", {"name"}),
        ("志远", {"guardian"}),
        ("单", {"name", "guardian"}),
        ("szh", {"pinyin"}),
        ("DZH", {"pinyin"}),
        ("zihan", {"pinyin"}),
        ("szy", {"guardian_pinyin"}),
        ("2640", {"id_number"}),
        ("419999201803142640", {"id_number"}),
        ("1234", {"phone", "guardian_id_number"}),
        ("0001-08", {"receipt"}),
        ("zhw-2-0824-0001-08", {"receipt"}),
        ("ＺＨＷ２０８２４０００１０８", {"receipt"}),
        ("２６４０", {"id_number"}),
        ("涵2640", {"name", "id_number"}),
        ("  梓涵   szy ", {"name", "guardian_pinyin"}),
    ],
)
def test_a_child_is_found_by_any_part_and_the_line_says_where(
    laptop: Laptop, text: str, where: set[str]
) -> None:
    record = laptop.register()
    found = find(laptop, text)
    assert [line.record for line in found.both] == [record]
    assert {hit.where for hit in found.both[0].hits} == where
    assert not found.any


@pytest.mark.parametrize("text", ["", "  ", "--", "!?", '"', "王", "涵梓", "han zz", "264", "NOT"])
def test_what_is_not_there_is_not_found(laptop: Laptop, text: str) -> None:
    laptop.register()
    assert not find(laptop, text).both


def test_lines_that_match_only_some_words_come_apart_the_most_words_first(
    laptop: Laptop,
) -> None:
    both = laptop.register()
    name_only = laptop.register(id_number="419999201803140000")
    laptop.register(full_name="王小明", id_number=None)
    found = find(laptop, "梓涵 2640")
    assert [line.record for line in found.both] == [both]
    assert [line.record for line in found.any] == [name_only]
    three = find(laptop, "梓涵 2640 9999")
    assert [line.record for line in three.any] == [both, name_only]


def test_the_latest_come_first_and_no_more_than_asked(laptop: Laptop) -> None:
    records = [laptop.register() for _ in range(5)]
    assert [line.record for line in find(laptop, "单", 3).both] == records[:1:-1]


def test_rare_characters_names_with_dots_and_latin_names_are_found(laptop: Laptop) -> None:
    for name, texts in {
        "𬱖𫖯": ["𬱖", "𫖯", "𬱖𫖯"],
        "买买提·艾力": ["艾力", "买提", "mmt"],
        "Anna Ivanova": ["anna", "iv"],
        "吕" + chr(0xE123): [chr(0xE123)],
    }.items():
        record = laptop.register(full_name=name)
        for text in texts:
            assert record in [line.record for line in find(laptop, text).both], text


def test_every_value_that_stands_is_found_and_nothing_else(make_laptop: MakeLaptop) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register()
    one.give(other)
    one.edit("applicant", record, full_name="王一")
    other.edit("applicant", record, full_name="汪二")
    other.give(one)
    assert [line.record for line in find(one, "王一").both] == [record]
    assert [line.record for line in find(one, "汪二").both] == [record]
    assert not find(one, "梓涵").both
    one.edit("applicant", record, full_name="黄三")
    assert find(one, "黄三").both
    assert not find(one, "王一").both


def test_a_removed_guardian_leaves_the_search_row(laptop: Laptop) -> None:
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        guardian = work.rows("guardian", applicant=record)[0].record
    laptop.remove("guardian", guardian)
    assert not find(laptop, "志远").both
    assert not find(laptop, "13800001234").both
    assert find(laptop, "梓涵").both
    assert laptop.verify().sound


def test_a_guardian_given_to_another_child_moves_in_the_search(laptop: Laptop) -> None:
    first, second = laptop.register(), laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        for guardian in work.rows("guardian", applicant=second):
            work.remove("guardian", guardian.record)
        mover = work.rows("guardian", applicant=first)[0].record
        work.edit("guardian", mover, {"applicant": second})
    assert [line.record for line in find(laptop, "志远").both] == [second]


def test_a_guardian_who_comes_before_the_child_is_found_later(make_laptop: MakeLaptop) -> None:
    one, other, third = make_laptop("one"), make_laptop("two"), make_laptop("three")
    record = one.register()
    one.give(other)
    other.create("guardian", applicant=record, full_name="欧阳", relation="52")
    for feed, row in other.feeds().items():
        third.learn(row)
        if feed == other.feed:
            third.take(feed, other.operations(feed))
    assert not find(third, "欧阳").both
    one.give(third)
    assert [line.record for line in find(third, "欧阳").both] == [record]
    assert third.verify().sound


def test_a_removed_child_is_not_found(laptop: Laptop) -> None:
    laptop.remove("applicant", laptop.register())
    assert not find(laptop, "梓涵").both
    assert not find(laptop, "2640").both


@given(st.text(max_size=40))
def test_whatever_is_typed_makes_a_query_or_none(text: str) -> None:
    words = words_of(text)
    for every in (True, False):
        assert expression(words, every=every).count('"') == 2 * len(words)
    for word in words:
        assert word.kind in {"name", "pinyin", "tail"}


def test_texts_are_indexed_so_that_no_phrase_reaches_across_names() -> None:
    names, keys = document({"李一", "王二"}, {"ZHW-1"})
    assert names == "674e 4e00 g 738b 4e8c"
    assert {"liyi", "ly", "yi", "y", "0" + "1whz"} <= set(keys.split())
    assert tail_key("12X") == "0x21"


# --- files -------------------------------------------------------------------------------------------


def test_a_file_holds_everything_of_a_child(laptop: Laptop) -> None:
    record, stranger = laptop.register(), laptop.register()
    laptop.create("material_check", applicant=record, material="HKB", result="accepted")
    laptop.create("scan", applicant=record, material="HKB", page=1, digest="0" * 64, size=1)
    laptop.create(
        "duplicate_decision", rule="D4", applicant=record, other=stranger, decision="siblings"
    )
    with laptop.database.read() as connection:
        file = queries.applicant_file(connection, SCHOOL, record)
        assert (file.record, file.scope) == (record, SCHOOL)
        assert [len(part) for part in (file.guardians, file.checks, file.scans, file.decisions)] == [
            1, 1, 1, 1,
        ]  # fmt: skip
        assert file.heads == ()
        assert file.all_values("guardian", "phone") == {"13800001234"}
        assert file.all_values("applicant", "birth_certificate") == frozenset()
        with pytest.raises(StaleError):
            queries.applicant_file(connection, SCHOOL, "nobody")


def test_a_file_knows_every_value_and_who_wrote_it(make_laptop: MakeLaptop) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register()
    one.give(other)
    one.edit("applicant", record, id_number="419999201803142641")
    other.edit("applicant", record, PRINCIPAL, id_number="419999201803142642")
    other.edit("applicant", record, category="B1")
    other.give(one)
    one.edit("applicant", record, category="C1")
    with one.database.read() as connection:
        file = queries.applicant_file(connection, SCHOOL, record)
    assert file.all_values("applicant", "id_number") == {
        "419999201803142641",
        "419999201803142642",
    }
    assert {(head.field, head.person, head.feed, head.conflict) for head in file.heads} == {
        ("id_number", CLERK.id, one.feed, 1),
        ("id_number", PRINCIPAL.id, other.feed, 1),
    }


def test_the_history_says_who_changed_what_from_what_to_what(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop()
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        guardian = work.rows("guardian", applicant=record)[0].record
    laptop.edit("applicant", record, category="B1")
    laptop.edit("applicant", record, REVIEWER, signed=True, review="passed")
    laptop.remove("guardian", guardian)
    laptop.register()
    with laptop.database.read() as connection:
        entries = queries.history(connection, SCHOOL, record)
    assert [(entry.kind, entry.act) for entry in entries] == [
        ("applicant", "create"),
        ("guardian", "create"),
        ("applicant", "edit"),
        ("applicant", "edit"),
        ("guardian", "remove"),
    ]
    assert [entry.verdict for entry in entries] == ["", "", "", "not_allowed", ""]
    edit = entries[2]
    assert (edit.person, edit.feed, edit.sequence) == (CLERK.id, laptop.feed, 3)
    assert [(one.field, one.before, one.after) for one in edit.changes] == [
        ("category", ("A1",), "B1")
    ]
    gone = {one.field: (one.before, one.after) for one in entries[4].changes}
    assert gone["full_name"] == (("单志远",), None)
    assert "basis" not in gone


def test_the_history_of_a_child_taken_back_is_still_there(laptop: Laptop) -> None:
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        for guardian in work.rows("guardian", applicant=record):
            work.remove("guardian", guardian.record)
        work.remove("applicant", record)
    with laptop.database.read() as connection:
        entries = queries.history(connection, SCHOOL, record)
    assert [(entry.kind, entry.act) for entry in entries] == [
        ("applicant", "create"),
        ("guardian", "create"),
        ("guardian", "remove"),
        ("applicant", "remove"),
    ]


# --- likeness ----------------------------------------------------------------------------------------


def probe(**known: str) -> Candidate:
    """Give what is known of a child at the desk."""
    name = known.get("name", "")
    some = {key: frozenset({value}) for key, value in known.items() if key != "name"}
    keys = frozenset({name_key(name)}) if name else frozenset[str]()
    return Candidate("", SCHOOL, name_keys=keys, pinyin_keys=frozenset(spellings(name)), **some)


@pytest.mark.parametrize(
    "asked",
    [
        probe(id_numbers="419999201803142640"),
        probe(id_numbers="419999201803142641"),
        probe(id_numbers="419999201803142460"),
        probe(id_numbers="419999201804132640"),
        probe(id_numbers="419989201803142640"),
        probe(birth_certificates="T410000001"),
        probe(name="单梓涵", sexes="2", birth_dates="2018-03-14"),
        probe(name="单 梓涵", sexes="2", birth_dates="2018-03-14"),
        probe(guardian_numbers="419999198801011234", birth_dates="2018-03-14"),
        probe(phones="13800001234", birth_dates="2018-03-14"),
    ],
)
def test_who_may_be_the_same_child_is_fetched(laptop: Laptop, asked: Candidate) -> None:
    record = laptop.register(birth_certificate="T410000001")
    laptop.register(
        full_name="王五", id_number="419999201701011111", birth_date="2017-01-01", sex="1"
    )
    with laptop.database.read() as connection:
        found = queries.duplicate_candidates(connection, SCHOOL, asked)
        assert [file.record for file in found] == [record]
        assert blocking_keys(asked) & blocking_keys(candidate(found[0]))
        assert queries.duplicate_candidates(connection, None, asked) == found
        assert queries.duplicate_candidates(connection, DISTRICT, asked) == found
        assert queries.duplicate_candidates(connection, OTHER_SCHOOL, asked) == ()


def candidate(file: ApplicantFile) -> Candidate:
    names = file.all_values("applicant", "full_name")
    return Candidate(
        file.record,
        file.scope,
        id_numbers=file.all_values("applicant", "id_number"),
        name_keys=frozenset(map(name_key, names)),
        sexes=file.all_values("applicant", "sex"),
        birth_dates=file.all_values("applicant", "birth_date"),
        guardian_numbers=file.all_values("guardian", "id_number"),
        phones=file.all_values("guardian", "phone"),
        birth_certificates=file.all_values("applicant", "birth_certificate"),
    )


@pytest.mark.parametrize(
    "asked",
    [
        probe(id_numbers="419998201703140000"),
        probe(name="单梓涵", sexes="1", birth_dates="2018-03-14"),
        probe(name="单梓涵", sexes="2", birth_dates="2018-03-15"),
        probe(phones="13800001234", birth_dates="2018-03-15"),
        probe(phones="13800001234"),
        probe(id_numbers="E12345678"),
        probe(),
    ],
)
def test_who_is_nothing_alike_is_not_fetched(laptop: Laptop, asked: Candidate) -> None:
    laptop.register()
    with laptop.database.read() as connection:
        assert queries.duplicate_candidates(connection, SCHOOL, asked) == ()


def test_a_child_is_not_its_own_duplicate(laptop: Laptop) -> None:
    record = laptop.register()
    asked = Candidate(record, SCHOOL, id_numbers=frozenset({"419999201803142640"}))
    with laptop.database.read() as connection:
        assert queries.duplicate_candidates(connection, SCHOOL, asked) == ()


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"id_number": "419999201803145559"}, probe(id_numbers="419999201803145559")),
        ({"id_number": "419999201803145559"}, probe(id_numbers="419999201803145558")),
        (
            {"birth_date": "2018-04-04"},
            probe(name="单梓涵", sexes="2", birth_dates="2018-04-04"),
        ),
        ({"full_name": "王五"}, probe(name="王五", sexes="2", birth_dates="2018-03-14")),
    ],
)
def test_a_value_that_does_not_show_is_compared_too(
    make_laptop: MakeLaptop, changed: dict[str, str], asked: Candidate
) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register()
    one.give(other)
    for laptop, values in ((one, changed), (other, dict.fromkeys(changed, "另"))):
        laptop.edit("applicant", record, CLERK, signed=False, **values)
    for giver, taker in ((one, other), (other, one)):
        giver.give(taker)
    for laptop in (one, other):
        with laptop.database.read() as connection:
            found = queries.duplicate_candidates(connection, SCHOOL, asked)
        assert [file.record for file in found] == [record]


def test_a_guardians_hidden_number_is_compared_too(make_laptop: MakeLaptop) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register()
    with one.journal.begin(one.actor()) as work:
        guardian = work.rows("guardian", applicant=record)[0].record
    one.give(other)
    one.edit("guardian", guardian, id_number="419999198801015555")
    other.edit("guardian", guardian, id_number="419999198801016666")
    other.give(one)
    for number in ("419999198801015555", "419999198801016666"):
        asked = probe(guardian_numbers=number, birth_dates="2018-03-14")
        with one.database.read() as connection:
            found = queries.duplicate_candidates(connection, SCHOOL, asked)
        assert [file.record for file in found] == [record]


# --- overview ----------------------------------------------------------------------------------------


def test_declared_carried_received_and_decided_are_four_numbers(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop()
    district = make_laptop("district", scope=SCHOOL, district=True, lead=None)
    records = [laptop.register() for _ in range(3)]
    with laptop.database.write() as connection:
        for number, heads in ((1, f"{laptop.feed}:4"), (2, f"{laptop.feed}:2 x:9")):
            connection.exec_driver_sql(
                "INSERT INTO carried VALUES (?, 'submission', 'n', 'd', ?, 0, 0, 0)",
                (number, heads),
            )
    laptop.give(district)
    for sequence in (4, 2):
        district.create(
            "acknowledgement", OFFICER, signed=True, feed=laptop.feed, sequence=sequence, hash="0"
        )
    district.edit("applicant", records[0], OFFICER, signed=True, district_status="admitted")
    district.give(laptop)
    with laptop.database.read() as connection:
        lines = {line.feed: line for line in queries.feeds_overview(connection)}
    own, theirs = lines[laptop.feed], lines[district.feed]
    assert (own.declared, own.carried, own.received) == (6, 4, 4)
    assert (own.registered, own.decided, own.own, own.district) == (3, 1, True, False)
    assert (theirs.declared, theirs.carried, theirs.own, theirs.district) == (3, 0, False, True)


def test_what_needs_attention_comes_page_by_page(laptop: Laptop) -> None:
    for _ in range(5):
        laptop.create("day_close", day="2024-08-24")
    found: list[AttentionLine] = []
    after = None
    with laptop.database.read() as connection:
        while page := queries.attention(connection, after, 2):
            found += page
            after = page[-1].key
    assert [(line.feed, line.sequence) for line in found] == [
        (laptop.feed, sequence) for sequence in range(1, 6)
    ]
    assert {(line.verdict, line.kind, line.scope) for line in found} == {
        ("not_signed", "day_close", SCHOOL)
    }
