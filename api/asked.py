"""Questions of hot routes, read in one step from the address: what FastAPI does field by field takes longer than the answer."""

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from planning.errors import BadQuestion

Model = TypeVar("Model", bound=BaseModel)


def asked_as(model: type[Model]) -> Any:
    """A dependency that reads the parameters of a question; pair it with `parameters_of` in the route's `openapi_extra`."""

    async def read(request: Request) -> Model:
        return question_in(request, model)

    return Depends(read)


def question_in(request: Request, model: type[Model]) -> Model:
    """The question in an address. A parameter given twice is refused: neither value would be the one that was meant."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in given:
            raise BadQuestion(parameter=name, vi="được cho hai lần.", en="it is given twice.")
        given[name] = value
    request.scope["known_parameters"] = model.model_fields
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def parameters_of(model: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI is told of these parameters."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "description": field.get("description", ""),
                "schema": {key: value for key, value in field.items() if key != "description"},
            }
            for name, field in schema["properties"].items()
        ]
    }
