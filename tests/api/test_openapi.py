"""The API page tells the truth: its examples work on the sample, and it lists what the service sends and nothing else."""

import json

from starlette.testclient import TestClient


def operations(api: TestClient):
    return [(path, one["get"]) for path, one in api.get("/openapi.json").json()["paths"].items() if "get" in one]


def example(parameter):
    schema = parameter["schema"]
    given = schema.get("examples") or parameter.get("examples") or []
    return given[0] if given else None


def test_the_examples_of_the_api_page_work_on_the_sample(sample_api: TestClient):
    for path, operation in operations(sample_api):
        question = {}
        for parameter in operation["parameters"]:
            value = example(parameter)
            if parameter["in"] == "path":
                assert value is not None, (path, parameter["name"])
                path = path.replace(f"{{{parameter['name']}}}", str(value))  # noqa: PLW2901 - filled in step by step
            elif value is not None:
                question[parameter["name"]] = value
        answer = sample_api.get(path, params=question)
        assert answer.status_code in {200, 204}, (path, question, answer.text)


def test_it_lists_problems_as_they_are_sent(sample_api: TestClient):
    for path, operation in operations(sample_api):
        assert operation["summary"], path
        known = {"200", "204", "300", "301", "400", "404", "410", "413", "422", "429", "503"}
        assert set(operation["responses"]) <= known, path
        for status in ("400", "404", "503"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path


def test_it_lists_that_an_area_may_be_too_large_and_that_too_many_may_ask(sample_api: TestClient):
    for path, operation in operations(sample_api):
        areas = any(one["name"] == "shape" for one in operation["parameters"])
        assert ("413" in operation["responses"]) == areas, path
        sheets = any("pdf" in str(one["schema"]) for one in operation["parameters"] if one["name"] == "format")
        assert ("429" in operation["responses"]) == (areas or sheets), path


def test_every_parameter_is_described(sample_api: TestClient):
    for path, operation in operations(sample_api):
        for parameter in operation["parameters"]:
            assert parameter.get("description") or parameter["schema"].get("description"), (path, parameter["name"])


def test_the_examples_of_what_is_sent_work_on_the_sample(sample_api: TestClient):
    paths = sample_api.get("/openapi.json").json()["paths"]
    posted = {path: one["post"] for path, one in paths.items() if "post" in one}
    assert set(posted) == {"/v1/lookup", "/v1/lookup/batch", "/verify/{hash}"}
    for path, operation in posted.items():
        kinds = {kind: one["example"] for kind, one in operation["requestBody"]["content"].items() if "example" in one}
        for kind, body in kinds.items():
            content = body if isinstance(body, str) else json.dumps(body)
            answer = sample_api.post(
                path.replace("{hash}", "0f3a" * 16), content=content.encode(), headers={"Content-Type": kind}
            )
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].split(";")[0] in operation["responses"]["200"]["content"]
        for status in ("400", "404", "413", "422", "503"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path
