"""The documents of plans."""

import datetime as dt
from typing import Literal

from pydantic import Field

from api.schemas.document import Dated, Document, Words


class DocumentRef(Document):
    """A document of a plan."""

    type: Literal["decision", "regulation", "drawing", "text", "other"]
    type_name: Words
    title: str
    number: str | None
    date: dt.date | None
    media_type: str
    size: int = Field(description="bytes")
    sha256: str
    url: str = Field(examples=["/v1/documents/0f3a…"])


class FiledDocument(DocumentRef):
    """A document with its file."""

    file_name: str
    flags: list[str] = Field(
        description="what a PDF can do beside being read: javascript, launch, attachment; encrypted, damaged"
    )


class DocumentedPlan(Document):
    """A plan by its code."""

    code: str
    name: str
    level: str


class PlanDocuments(Dated):
    """The documents of a plan."""

    plan: DocumentedPlan
    documents: list[FiledDocument]
    missing_documents: list[str]
