"""Read what a desk asks to find a category 分诊, and which papers a special case adds to it.

Both stand in categories.toml, ``[[question]]`` and ``[[added]]``; a package may do without either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from desktop_app.domain.codes_desk import ENTRY
from desktop_app.domain.materials import AllOf
from desktop_app.policy.entries import Addition, Answer, Question
from desktop_app.policy.reading import Entry
from desktop_app.policy.rules import read_requirements

ALSO = frozenset({"question", "added"})
"""Keys of categories.toml that are no category."""
AGENT = "agent"
"""An addition for whoever comes in a guardian's place 代办."""
_WHEN = (*(one.value for one in ENTRY.entries if one.value != "new"), AGENT)
_MOST_ANSWERS = 9
"""Each answer is chosen by a digit."""
_MOST_QUESTIONS = 60
"""Nobody answers more at a desk, and a longer way would not be walked to its end."""


def read_questions(file: Entry, categories: Collection[str]) -> tuple[Question, ...]:
    """Read the questions; every answer leads on or names a category, and none in a circle."""
    if not file.has("question"):
        return ()
    found = [_question(entry) for entry in file.tables("question", "code")]
    known = {one.code: one for one in found}
    place = Entry(f"{file.place}:question", {}, file.faults)
    if len(found) > _MOST_QUESTIONS:
        place.fault("policy.out_of_range", f"question={len(found)}")
        return ()
    if len(known) < len(found):
        place.fault("policy.twice", "code")
    for question in found:
        _check_answers(question, {"", *categories}, {"", *known}, place)
    _check_ways(known, found[:1], place)
    return tuple(found)


def _check_answers(
    question: Question, categories: Collection[str], known: Collection[str], place: Entry
) -> None:
    """Note answers that lead nowhere."""
    for answer in question.answers:
        for code, listed in ((answer.category, categories), (answer.next, known)):
            if code not in listed:
                place.fault("policy.code_not_listed", f"{question.code}={code}")


def _question(entry: Entry) -> Question:
    answers = tuple(_answer(one) for one in entry.tables("answers", "label"))
    if not 2 <= len(answers) <= _MOST_ANSWERS:
        entry.fault("policy.out_of_range", f"answers={len(answers)}")
    question = Question(
        code=entry.pattern("code", "[a-z][a-z0-9_]{1,30}"),
        text=entry.text("text", limit=40),
        answers=answers,
        basis=entry.basis(),
    )
    entry.done()
    return question


def _answer(entry: Entry) -> Answer:
    answer = Answer(
        label=entry.text("label", limit=30),
        category=entry.text("category", default=""),
        next=entry.text("next", default=""),
    )
    if bool(answer.category) == bool(answer.next):
        entry.fault("policy.missing_key", "category | next")
    entry.done()
    return answer


def _check_ways(known: Mapping[str, Question], first: list[Question], place: Entry) -> None:
    """Note questions that lead back to themselves, and those nobody is ever asked."""
    asked: set[str] = set()
    for question in first:
        if not _walk(known, question, frozenset(), asked):
            place.fault("policy.question_circle", question.code)
    for code in known.keys() - asked:
        place.fault("policy.question_unasked", code)


def _walk(
    known: Mapping[str, Question], question: Question, way: frozenset[str], asked: set[str]
) -> bool:
    """Walk on from a question; False where one comes back to it."""
    if question.code in asked:
        return question.code not in way
    asked.add(question.code)
    on = way | {question.code}
    return min((_walk(known, one, on, asked) for one in _followers(known, question)), default=True)


def _followers(known: Mapping[str, Question], question: Question) -> Iterator[Question]:
    for answer in question.answers:
        if answer.next in known:
            yield known[answer.next]


def read_additions(file: Entry, materials: Collection[str]) -> tuple[Addition, ...]:
    """Read which papers come to those of a category: for a transfer, for whoever comes instead."""
    if not file.has("added"):
        return ()
    found: list[Addition] = []
    for entry in file.tables("added", "when"):
        asked = read_requirements(entry, "require", materials) if entry.has("require") else ()
        addition = Addition(
            when=entry.code("when", _WHEN),
            required=AllOf(asked),
            optional=entry.codes("optional", materials, default=()),
            basis=entry.basis(),
        )
        if addition.when in {one.when for one in found}:
            entry.fault("policy.twice", addition.when)
        entry.done()
        found.append(addition)
    return tuple(found)
