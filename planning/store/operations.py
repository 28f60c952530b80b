"""The record of an operation that changed the store without a file: a merger carried out, or taken back."""

import hashlib
import json
from typing import Any

from planning.store.incoming import Dataset, record
from planning.store.session import WriteSession


def recorded_operation(
    session: WriteSession, name: str, parameters: dict[str, Any], draft: int, *, illustration: bool
) -> int:
    """Enter the operation among the data sets; in the place of a file's sha256 stands that of its parameters."""
    digest = hashlib.sha256(json.dumps(parameters, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return record(session, Dataset("merge", name, digest, parameters, illustration=illustration), draft)
