"""Every code list of the product under its name, for declarations, workbooks and policies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop_app.domain import (
    codes_care,
    codes_case,
    codes_desk,
    codes_nationality,
    codes_person,
)
from desktop_app.domain.codelist import Code, CodeList

__all__ = ["CODE_LISTS", "Code", "CodeList"]

_PARTS = (codes_person, codes_nationality, codes_care, codes_case, codes_desk)

CODE_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {one.name: one for part in _PARTS for one in part.LISTS}
)
