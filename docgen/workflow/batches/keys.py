"""The key of a job: equal for batches that make the same documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from docgen import __version__
from docgen.forms.definition import Form
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.printing import open_template
from docgen.workflow.session import Session


def job_key(what: list[str], forms: Iterable[Form], session: Session, wanted: Wanted) -> str:
    """Return the digest of everything that decides what comes out."""
    traditional = wanted.traditional
    decided = {
        "docgen": __version__,
        "what": what,
        "options": wanted.deciding(),
        "forms": {
            form.id: [form.digest, open_template(session, form, traditional=traditional).digest]
            for form in forms
        },
    }
    return hashlib.sha256(json.dumps(decided, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
