"""The API's own description: complete, true, and no request breaks the server."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API

PUBLIC = {
    ("get", "/restaurants/{restaurant_id}/opening"),
    ("get", "/restaurants/{restaurant_id}/slots"),
    ("post", "/restaurants/{restaurant_id}/calls"),
    ("get", "/restaurants/{restaurant_id}"),
    ("post", "/orders/quote"),
    ("get", "/restaurants/{restaurant_id}/card_providers"),
    ("post", "/restaurants/{restaurant_id}/gift_cards/balance"),
    ("post", "/pairings"),
    ("post", "/pairings/{pairing_id}/collect"),
}
#: Public by itself, but a credential that is shown must be known.
WITH_OR_WITHOUT_KEY = {
    ("post", "/orders"),
    ("get", "/restaurants/{restaurant_id}/menu"),
}
#: LUD-03 answers every fault with 200 and ``status: ERROR``.
WALLETS = {
    ("get", "/withdraw/{refund_id}/{token}"),
    ("get", "/withdraw/{refund_id}"),
}
#: The address is the secret, and the words are the printers' makers'.
PRINTERS = {
    ("get", "/cloudprnt/{secret}/cloudprnt-setting.json"),
    ("post", "/cloudprnt/{secret}"),
    ("get", "/cloudprnt/{secret}"),
    ("delete", "/cloudprnt/{secret}"),
    ("post", "/epson/{secret}"),
}
#: What files are, by the end of their address.
FILES = {
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
}
PICTURES_OUT = {("post", "/restaurants/{restaurant_id}/print_preview")}
PICTURES_IN = {("put", "/restaurants/{restaurant_id}/logo")}
EXAMPLES_PER_ROUTE = 12

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(scope="module")
async def document(client: Any) -> dict[str, Any]:
    """The OpenAPI document, with our paths only."""
    whole = (await client.get("/openapi.json")).json()
    whole["paths"] = {
        path: operations
        for path, operations in whole["paths"].items()
        if path.startswith(API)
    }
    assert len(whole["paths"]) > 20
    return whole


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path.removeprefix(API), operation


def test_every_route_is_described(document, restaurant_module):
    routes = {
        (method.lower(), route.path.removeprefix(API))
        for route in restaurant_module.restaurant_ext.routes
        for method in getattr(route, "methods", None) or ()
        if route.path.startswith(f"/restaurant{API.removeprefix('/restaurant')}")
    }

    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_every_route_has_a_summary_of_its_own(document):
    summaries = [operation["summary"] for _, _, operation in operations(document)]

    assert all(len(summary) > 4 and summary[0].isupper() for summary in summaries)
    assert len(set(summaries)) == len(summaries)


def test_every_success_has_a_model(document):
    for method, path, operation in operations(document):
        successes = {s: r for s, r in operation["responses"].items() if s[0] == "2"}
        assert successes, (method, path)
        if (method, path) in PRINTERS:
            continue
        for status, response in successes.items():
            if status == "204":
                assert "content" not in response
                continue
            file = FILES.get(path.rpartition(".")[2])
            if (method, path) in PICTURES_OUT:
                file = FILES["png"]
            if file:
                assert set(response["content"]) == {file}, (method, path)
                continue
            schema = response["content"]["application/json"]["schema"]
            assert schema.get("$ref") or schema.get("anyOf"), (method, path, status)


def test_every_error_has_our_shape_and_is_declared(document):
    for method, path, operation in operations(document):
        errors = {s: r for s, r in operation["responses"].items() if s[0] in "45"}
        for status, response in errors.items():
            schema = response["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorView"}, (
                *(method, path, status),
            )
        missing = expected_errors(method, path, operation) - set(errors)
        assert not missing, (method, path, missing)


def expected_errors(method: str, path: str, operation: dict[str, Any]) -> set[str]:
    expected: set[str] = set()
    if (method, path) in WALLETS:
        return expected
    if (method, path) in PRINTERS:
        return {"404"}
    if (method, path) not in PUBLIC:
        expected.add("401")
    if (method, path) not in PUBLIC | WITH_OR_WITHOUT_KEY:
        expected.add("403")
    if "{" in path or (method, path) == ("post", "/orders"):
        expected.add("404")
    if "requestBody" in operation:
        expected |= {"400", "413", "422"}
    if any(p["in"] == "query" for p in operation.get("parameters", ())):
        expected.add("422")
    return expected


def test_the_error_has_a_sentence_and_a_code(document):
    view = document["components"]["schemas"]["ErrorView"]

    assert set(view["required"]) == {"detail", "code"}


def test_every_field_of_a_body_is_described(document):
    for method, path, operation in operations(document):
        if "requestBody" not in operation or (method, path) in PICTURES_IN:
            continue
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        resolved = resolve(document, schema)
        assert resolved.get("properties"), (method, path)


def resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for one in (schema, *schema.get("allOf", ()), *schema.get("anyOf", ())):
        if "$ref" in one:
            return document["components"]["schemas"][one["$ref"].split("/")[-1]]
    return schema


# --- what may be null ----------------------------------------------------------------

#: Answers of an order's whole life, with much that is not there (yet).
SEEN = [
    *("/orders/{order_id}", "/orders/{order_id}/receipt", "/orders/{order_id}/tips"),
    *("/restaurants/{restaurant_id}", "/restaurants/{restaurant_id}/menu"),
    *("/restaurants/{restaurant_id}/orders", "/restaurants/{restaurant_id}/kitchen"),
    *("/restaurants/{restaurant_id}/print_jobs", "/restaurants/{restaurant_id}/stocks"),
    *("/restaurants/{restaurant_id}/devices", "/restaurants/{restaurant_id}/lamps"),
    *("/restaurants/{restaurant_id}/opening", "/restaurants/{restaurant_id}/events"),
    *("/restaurants/{restaurant_id}/printers", "/orders/{order_id}/refunds"),
]


@pytest.mark.parametrize("path", SEEN)
async def test_a_real_answer_is_what_the_description_says(document, stage, path):
    answer = await stage.client.get(
        API + path.format(**stage.ids), headers=stage.headers
    )

    described = document["paths"][API + path]["get"]["responses"]["200"]
    assert faults(document, described, answer.json()) == []


async def test_a_null_is_allowed_where_nothing_may_be_and_nowhere_else(document, stage):
    path = "/orders/{order_id}"
    answer = await stage.client.get(
        API + path.format(**stage.ids), headers=stage.headers
    )
    order = answer.json()
    described = document["paths"][API + path]["get"]["responses"]["200"]
    told_as_null = {name for name, value in order.items() if value is None}

    assert {"note", "table", "ready_at", "canceled_at"} <= told_as_null
    for name in ("id", "total_msat", "items", "status"):
        assert faults(document, described, {**order, name: None}) == [[name]]
    assert faults(document, described, {**order, "paid_at": None, "note": "x"}) == []
    assert faults(document, described, {**order, "note": 5}) == [["note"]]


def faults(document: dict[str, Any], response: dict[str, Any], answer: Any) -> Any:
    """Where an answer is not what its response is described as."""
    import jsonschema_rs

    schema = response["content"]["application/json"]["schema"]
    whole = {**schema, "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(whole)
    return [list(fault.instance_path) for fault in validator.iter_errors(answer)]


# --- requests made from the description ------------------------------------------


@pytest.mark.parametrize("mode", ["positive", "negative"])
async def test_requests_made_from_the_description_never_break_the_server(
    document, stage, mode
):
    """Wild requests, as described or against it; every answer has a documented
    status and shape. Deterministic: the same description gives the same requests.
    """
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        *(not_a_server_error, status_code_conformance),
        *(content_type_conformance, response_schema_conformance),
    ]
    schema = schemathesis.openapi.from_dict(document)
    statuses: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if mode == "negative" and not (operation.body or operation.query):
            continue  # there is nothing to get wrong
        where = (operation.method.lower(), operation.path.removeprefix(API))
        if mode == "negative" and where in PICTURES_IN:
            continue  # no bytes are against the description
        cases = await asyncio.to_thread(examples, operation, mode)
        for number, case in enumerate(cases):
            response = await stage.send(case, number)
            case.validate_response(response, checks=checks)
            statuses[response.status_code] += 1
    assert statuses.total() > 150
    print(mode, dict(statuses))


def examples(operation: Any, mode: str) -> list[Any]:
    """A bounded number of requests for one route."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    found: list[Any] = []

    @settings(
        max_examples=EXAMPLES_PER_ROUTE,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(schemathesis.GenerationMode(mode)))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found


class Stage:
    """Puts real ids and the owner's key into most of the requests."""

    def __init__(self, client: Any, headers: dict[str, str], ids: dict[str, str]):
        self.client = client
        self.headers = headers
        self.ids = ids

    async def send(self, case: Any, number: int) -> Any:
        if number % 4:
            for name, value in self.ids.items():
                if name in (case.path_parameters or {}):
                    case.path_parameters[name] = value
                if isinstance(case.body, dict) and name in case.body:
                    case.body[name] = value
        sent = case.as_transport_kwargs(base_url="http://testserver")
        headers = {**dict(sent.pop("headers") or {}), **self.headers}
        headers["Idempotency-Key"] = uuid.uuid4().hex
        # What httpx would not send as letters, another client sends as bytes.
        raw = {name: str(value).encode() for name, value in headers.items()}
        known = ("method", "url", "params", "json", "data")
        kwargs = {name: sent[name] for name in known if sent.get(name) is not None}
        if isinstance(kwargs.get("data"), (bytes, str)):
            kwargs["content"] = kwargs.pop("data")
        self.client.cookies.clear()
        return await self.client.request(**kwargs, headers=raw)


@pytest_asyncio.fixture(scope="module")
async def stage(shared: Any, client: Any) -> Stage:
    shop, settle = shared
    placed = await shop.placed()
    await settle(placed)
    [job] = await shop.jobs(placed["order"]["id"])
    [modifier] = shop.line("Tacos", 1, "Maíz")["modifiers"]
    return Stage(
        client,
        dict(shop.wallet.admin),
        {
            "restaurant_id": shop.id,
            "order_id": placed["order"]["id"],
            "job_id": job["id"],
            "item_id": shop.item("Agua")["id"],
            "menu_item_id": shop.item("Agua")["id"],
            "modifier_id": modifier["modifier_id"],
            "stock_id": shop.item("Flan")["id"],
        },
    )
