"""The records of a registration as Morango's models, with the fields that the benchmark writes."""

from __future__ import annotations

from typing import Any

from django.db import models  # type: ignore[import-not-found]
from morango.models.core import SyncableModel  # type: ignore[import-not-found]

PROFILE = "enrollment"


class _Record(SyncableModel):  # type: ignore[misc]
    """A record of a school: the school's certificate covers it."""

    morango_profile = PROFILE

    class Meta:
        abstract = True

    school = models.CharField(max_length=32)

    def calculate_source_id(self, *_: Any, **__: Any) -> str | None:
        """Leave the choice of a random name to Morango."""
        return None

    def calculate_partition(self, *_: Any, **__: Any) -> str:
        """Give the partition of the school."""
        return f"{self.school}:record"


def _text(length: int) -> Any:
    return models.CharField(max_length=length)


class Applicant(_Record):
    """A child who applies for a place."""

    morango_model_name = "applicant"

    season = models.IntegerField()
    stage = _text(2)
    full_name = _text(50)
    sex = _text(1)
    birth_date = _text(10)
    ethnic_code = _text(2)
    id_type = _text(1)
    id_number = models.CharField(max_length=20, db_index=True)
    hukou_village = _text(20)
    hukou_address = _text(120)
    current_village = _text(20)
    current_address = _text(120)
    category = models.CharField(max_length=4, db_index=True)
    boarding_code = _text(1)
    notice_version = _text(64)
    policy_version = _text(64)
    receipt_number = models.CharField(max_length=30, db_index=True)
    registered_at = models.BigIntegerField()


class Guardian(_Record):
    """A guardian of an applicant."""

    morango_model_name = "guardian"

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE)
    full_name = _text(50)
    relation = _text(2)
    id_type = _text(1)
    id_number = models.CharField(max_length=20, db_index=True)
    phone = models.CharField(max_length=20, db_index=True)


class MaterialCheck(_Record):
    """A material of an applicant as it was checked."""

    morango_model_name = "materialcheck"

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE)
    material = _text(12)
    result = _text(30)
    original_seen = models.BooleanField()


MODELS: dict[str, Any] = {
    "applicant": Applicant,
    "guardian": Guardian,
    "material_check": MaterialCheck,
}
"""By the names that the program's own kinds have."""
