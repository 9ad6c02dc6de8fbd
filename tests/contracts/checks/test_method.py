import pytest

from docdouble.schemas import Call

from .made import check_of, exchange, operation, probed, reply, several, summary

PATHS = {
    "/books": {"post": operation(operationId="make")},
    "/books/{id}": {"get": operation(), "put": operation(operationId="save")},
    "/Books/{key}": {"patch": operation(operationId="change")},
    "/books/{id}/pages": {"post": operation(operationId="add")},
}
CONTRACT = several(PATHS)
FIRST = exchange(CONTRACT, reply({}), Call((("Content-Type", "a/b"), ("X", "y")), b"{}", "GET", "/books/7?a=b"))


def test_a_method_that_no_operation_of_the_path_has() -> None:
    findings, sent = probed("method", FIRST, lambda call: reply({}))
    assert sent == [Call((("X", "y"),), b"", "POST", "/books/7")]
    assert summary(*findings) == ("warning", "books.md:1", "", "accepted")
    assert findings[0].expected == "405 for a method that isn't documented (RFC 9110, section 15.5.6)"


def test_reading_is_asked_for_if_it_can_be() -> None:
    first = exchange(CONTRACT, reply({}), name="make")
    assert probed("method", first, lambda call: None)[1] == [Call(method="GET", target="/books")]


@pytest.mark.parametrize(
    ("status", "allow", "expected"),
    [
        (405, "GET, PUT, PATCH, OPTIONS", None),
        (405, "get,put , patch", None),
        (405, "GET", ("allow", "Allow: GET")),
        (405, None, ("allow", "no Allow")),
        (404, None, ("status", "404 Not Found to POST")),
        (401, None, None),
        (501, None, None),
    ],
)
def test_refusals(status: int, allow: str | None, expected: tuple[str, str] | None) -> None:
    answer = reply({}, status, *([("Allow", allow)] if allow else []))
    findings, _ = probed("method", FIRST, lambda call: answer)
    assert [(finding.severity.value, finding.rule, finding.got) for finding in findings] == (
        [("note", *expected)] if expected else []
    )


def test_how_a_server_refuses_is_reported_once_a_run() -> None:
    refused, _ = probed("method", FIRST, lambda call: reply({}, 405))
    accepted, _ = probed("method", FIRST, lambda call: reply({}))
    assert [finding.once for finding in (*refused, *accepted)] == [True, False]


def test_a_path_that_has_all_usual_methods_is_asked_for_another_safe_one() -> None:
    paths = {"/x": {method: operation(operationId=method) for method in ("get", "post", "put", "patch")}}
    _, sent = probed("method", exchange(several(paths), reply({})), lambda call: reply({}))
    assert [call.method for call in sent] == ["QUERY"]


@pytest.mark.parametrize("asked", ["/x", "/x/"])
def test_what_a_path_documents_that_differs_by_the_slash_at_its_end_may_be_accepted(asked: str) -> None:
    paths = {"/x": {"get": operation(operationId="list")}, "/x/": {"post": operation(operationId="make")}}
    contract = several({asked: paths[asked], **paths})
    first = exchange(contract, reply({}), name="list" if asked == "/x" else "make")
    assert probed("method", first, lambda call: None)[1] == [Call(method="PATCH", target=asked)]


def test_it_is_not_for_servers_that_others_use() -> None:
    assert not check_of("method").careful
