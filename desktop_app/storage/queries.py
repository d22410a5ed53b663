"""What screens and desks ask of the database; every answer is plain values, read by index."""

from desktop_app.storage.applicant_file import (
    ApplicantFile,
    FieldChange,
    HeadValue,
    HistoryEntry,
    applicant_file,
    history,
)
from desktop_app.storage.finding import FoundLine, Hit, SearchResult, search
from desktop_app.storage.likeness import duplicate_candidates
from desktop_app.storage.lists import (
    FILTERS,
    ApplicantLine,
    DueLine,
    Page,
    applicant_page,
    counts,
    day_counts,
    follow_up,
    review_queue,
)
from desktop_app.storage.overview import AttentionLine, FeedLine, attention, feeds_overview

__all__ = [
    "FILTERS",
    "ApplicantFile",
    "ApplicantLine",
    "AttentionLine",
    "DueLine",
    "FeedLine",
    "FieldChange",
    "FoundLine",
    "HeadValue",
    "HistoryEntry",
    "Hit",
    "Page",
    "SearchResult",
    "applicant_file",
    "applicant_page",
    "attention",
    "counts",
    "day_counts",
    "duplicate_candidates",
    "feeds_overview",
    "follow_up",
    "history",
    "review_queue",
    "search",
]
