"""Every code list of the product under its name, for declarations, workbooks and policies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop_app.domain import codes_care, codes_case, codes_person
from desktop_app.domain.codelist import Code, CodeList

__all__ = ["CODE_LISTS", "Code", "CodeList"]

CODE_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {
        one.name: one
        for part in (codes_person.LISTS, codes_care.LISTS, codes_case.LISTS)
        for one in part
    }
)
