"""One of Morango's two peers, each with an SQLite file of its own; run as a process.

    python -m benchmarks.rival.peer prepare FOLDER RECORDS   make both files
    python -m benchmarks.rival.peer serve FILE               answer on the loopback; print the port
    python -m benchmarks.rival.peer push FILE PORT           push everything; print the seconds

``--awake`` behind it takes Morango's sleeps between its requests away.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import django  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]

CLIENT, SERVER, IDENTITY = "client.sqlite3", "server.sqlite3", "identity.json"
LOOPBACK = "127.0.0.1"
PROFILE = "enrollment"
urlpatterns: list[Any] = []


def set_up(file: Path) -> None:
    """Configure Django for one SQLite file."""
    os.environ["MORANGO_SYSTEM_ID"] = file.stem
    settings.configure(
        SECRET_KEY=secrets.token_hex(),
        ALLOWED_HOSTS=[LOOPBACK],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "mptt",
            "morango",
            "benchmarks.rival",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF="benchmarks.rival.peer",
        USE_TZ=True,
    )
    django.setup()


def prepare(folder: Path, records: int) -> None:
    """Make a district's empty file, and a school's with so many records."""
    set_up(folder / SERVER)
    from django.core.management import call_command  # type: ignore[import-not-found]
    from django.db import connections  # type: ignore[import-not-found]
    from morango.models.certificates import (  # type: ignore[import-not-found]
        Certificate,
        Key,
        ScopeDefinition,
    )

    call_command("migrate", run_syncdb=True, verbosity=0)
    for name, primary in (("root", "school"), ("laptop", "")):
        ScopeDefinition.objects.create(
            id=name,
            profile=PROFILE,
            version=1,
            primary_scope_param_key=primary,
            description="of school ${school}",
            read_filter_template="",
            write_filter_template="",
            read_write_filter_template="${school}",
        )
    shutil.copy(folder / SERVER, folder / CLIENT)
    root = Certificate.generate_root_certificate("root")
    key = Key()
    laptop = Certificate(
        parent=root,
        profile=PROFILE,
        scope_definition_id="laptop",
        scope_version=1,
        scope_params=json.dumps({"school": root.id}),
        private_key=key,
    )
    root.sign_certificate(laptop)
    laptop.save()
    chain = [
        {"id": one.id, "serialized": one.serialized, "signature": one.signature}
        for one in (root, laptop)
    ]
    identity = {"school": root.id, "chain": chain, "key": key.get_private_key_string()}
    (folder / IDENTITY).write_text(json.dumps(identity), encoding="utf-8")
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = str(folder / CLIENT)
    _fill(identity, records)


def _fill(identity: dict[str, Any], records: int) -> None:
    """Save the laptop's certificate and the registrations in the file that is open now."""
    from django.db import transaction
    from morango.models.certificates import Certificate, Key

    from benchmarks.registrations import register
    from benchmarks.rival.models import MODELS

    laptop = Certificate.save_certificate_chain(identity["chain"])
    laptop.private_key = Key(private_key_string=identity["key"])
    laptop.save()

    class Rows:
        """Saves records as they come."""

        def create(self, kind: str, values: dict[str, Any]) -> str:
            """Save a record and give its id."""
            fields = dict(values)
            if "applicant" in fields:
                fields["applicant_id"] = fields.pop("applicant")
            made = MODELS[kind](school=identity["school"], **fields)
            made.save()
            return str(made.id)

    with transaction.atomic():
        rows = Rows()
        for number in range(records // 4):
            register(rows, number)


def serve(file: Path) -> None:
    """Answer until told to end."""
    set_up(file)
    from django.core.servers import basehttp  # type: ignore[import-not-found]
    from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]
    from django.urls import include, re_path  # type: ignore[import-not-found]

    class Quiet(basehttp.WSGIRequestHandler):  # type: ignore[misc]
        """Answers and says nothing of it."""

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    sys.modules["benchmarks.rival.peer"] = sys.modules["__main__"]
    urlpatterns.append(re_path("", include("morango.urls")))
    server = basehttp.ThreadedWSGIServer((LOOPBACK, 0), Quiet)
    server.set_app(get_wsgi_application())
    print(server.server_port, flush=True)
    server.serve_forever()


def push(file: Path, port: int) -> None:
    """Push every record to the other peer and print how long it took."""
    set_up(file)
    from morango.models.certificates import Certificate, Filter
    from morango.sync.controller import (  # type: ignore[import-not-found]
        MorangoProfileController,
    )

    laptop = Certificate.objects.get(scope_definition_id="laptop")
    controller = MorangoProfileController(PROFILE)
    begun, used = time.perf_counter(), time.process_time()
    connection = controller.create_network_connection(f"http://{LOOPBACK}:{port}/")
    session = connection.create_sync_session(laptop, laptop.parent)
    client = session.get_push_client()
    client.initialize(Filter(f"{laptop.parent_id}:record"))
    client.run()
    client.finalize()
    connection.close_sync_session(session.sync_session)
    print(time.perf_counter() - begun, time.process_time() - used)


def count(file: Path) -> None:
    """Print how many records of the application stand in a file."""
    set_up(file)
    from benchmarks.rival.models import MODELS

    print(sum(model.objects.count() for model in MODELS.values()))


def main(arguments: list[str]) -> None:
    """Do what the command line asks for."""
    if arguments[-1] == "--awake":
        arguments.pop()
        time.sleep = lambda _seconds: None
    part, file = arguments[0], Path(arguments[1])
    if part == "prepare":
        prepare(file, int(arguments[2]))
    elif part == "serve":
        serve(file)
    elif part == "push":
        push(file, int(arguments[2]))
    else:
        count(file)


if __name__ == "__main__":
    main(sys.argv[1:])
