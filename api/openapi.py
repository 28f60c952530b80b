"""The service's description of itself: what FastAPI writes, less what never happens, plus what it cannot know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

GEOJSON = "application/geo+json"
PROBLEM = "application/problem+json"
NEVER_SENT = "422"


def described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1. Mistaken parameters are 400 here, not 422; problems are problem+json only; GeoJSON where a format may be asked for."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path in document["paths"].values():
            for operation in path.values():
                _mended(operation)
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema


def _mended(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "application/problem+json" not in answers.get(NEVER_SENT, {}).get("content", {}):
        answers.pop(NEVER_SENT, None)
    for answer in answers.values():
        content = answer.get("content", {})
        if PROBLEM in content:
            modelled = next((media for media in content if media != PROBLEM), PROBLEM)
            content[PROBLEM] = content.pop(modelled)
    formats = [one["schema"] for one in operation.get("parameters", []) if one["name"] == "format"]
    if any("geojson" in str(one) for one in formats):
        answers["200"]["content"][GEOJSON] = {
            "schema": {"type": "object", "description": "Feature / FeatureCollection"}
        }
