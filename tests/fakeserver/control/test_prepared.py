"""Answers that were prepared for an operation, or for certain calls."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.control.matching import ABSENT, differences
from docdouble.fakeserver.control.prepared import MOST, PreparedAnswer, PreparedAnswers
from docdouble.schemas import Call, ConfigError, Contract, Reply

Prepare = Callable[..., PreparedAnswers]

LEND = "v1LoanAgent_LendBook"
GET = "v1Book_Get"
PATH = "/api/v1/Book/7"


@pytest.fixture(scope="module")
def prepare(library: Contract) -> Prepare:
    """Return a function from the mappings of answers to the prepared answers."""

    def make(*mappings: dict[str, Any]) -> PreparedAnswers:
        answers = PreparedAnswers()
        for mapping in mappings:
            answers.add(PreparedAnswer.from_mapping(mapping, library))
        return answers

    return make


def lending(value: Any = ABSENT, target: str = "/", *headers: tuple[str, str]) -> Call:
    return Call(headers, b"" if value is ABSENT else orjson.dumps(value), "POST", target)


@pytest.mark.parametrize("name", [GET, GET.lower(), "GET /api/v1/Book/{bookId}", "get /API/v1/book/{bookid}"])
def test_an_operation_is_named_by_id_or_label(library: Contract, name: str) -> None:
    assert PreparedAnswer.from_mapping({"operation": name}, library).matcher.operation == GET


def test_a_name_of_two_operations_is_none(library: Contract) -> None:
    with pytest.raises(ConfigError, match="not unique: v1Book_Get, v1Book_GetByCode"):
        PreparedAnswer.from_mapping({"operation": "Book_Get"}, library)


def test_an_answer_is_for_its_operation_only(prepare: Prepare) -> None:
    answers = prepare({"operation": GET, "status": 418})
    assert answers.take(GET, Call()) == Reply((), b"", 418)
    assert answers.take(LEND, Call()) is None
    assert answers.take(None, Call()) is None


def test_the_url_of_a_prepared_answer_is_sent_in_ascii(prepare: Prepare) -> None:
    answers = prepare({"operation": GET, "status": 302, "answer_headers": {"Location": "/bücher?a=%20", "X-Name": "ü"}})
    assert answers.take(GET, Call()) == Reply((("Location", "/b%C3%BCcher?a=%20"), ("X-Name", "ü")), b"", 302)


def test_an_answer_may_be_for_a_method_and_a_path(prepare: Prepare) -> None:
    answers = prepare({"method": "get", "path": "/nowhere/é"})
    assert answers.take(None, Call(target="/Nowhere/%C3%A9?a=1")) == Reply()
    assert answers.take(None, Call(target="/nowhere")) is None
    assert answers.take(None, Call(method="PUT", target="/nowhere/%C3%A9")) is None


def test_a_documented_path_with_variables_means_its_operation(prepare: Prepare) -> None:
    answers = prepare({"method": "GET", "path": "/api/v1/Book/{bookId}"})
    assert answers.take(GET, Call(target=PATH)) == Reply()
    assert answers.all() == [{"id": 1, "operation": GET, "status": 200, "times": None}]


@pytest.mark.parametrize(
    ("query", "target", "fits"),
    [
        ({"page": "2"}, "/?Page=2&size=9", True),
        ({"page": 2, "all": True}, "/?page=2&all=true", True),
        ({"page": "2"}, "/?page=3", False),
        ({"page": "2"}, "/", False),
        ({"tag": ["a", "b"]}, "/?tag=b&tag=a&tag=c", True),
        ({"tag": ["a", "b"]}, "/?tag=a", False),
        ({"title": "maps of rain"}, "/?title=maps+of%20rain", True),
        ({"empty": ""}, "/?empty=", True),
    ],
)
def test_the_query_must_be_contained(prepare: Prepare, query: dict[str, Any], target: str, fits: bool) -> None:
    answers = prepare({"operation": LEND, "query": query})
    assert (answers.take(LEND, lending(target=target)) is not None) == fits


@pytest.mark.parametrize(
    ("value", "fits"),
    [(("Branch-Language", "fi"), True), (("branch-language", "fi"), True), (("X-Other", "fi"), False)],
)
def test_the_headers_must_be_contained(prepare: Prepare, value: tuple[str, str], fits: bool) -> None:
    answers = prepare({"operation": LEND, "headers": {"Branch-Language": "fi"}})
    assert (answers.take(LEND, lending({}, "/", value)) is not None) == fits


@pytest.mark.parametrize(
    ("expected", "sent", "fits"),
    [
        ({}, {"a": 1}, True),
        ({"CopyId": 1}, {"copyid": 1, "Days": 2}, True),
        ({"CopyId": 1}, {"CopyId": 2, "copyid": 1}, False),
        ({"Member": {"Id": 1}}, {"Member": {"Id": 1, "Name": "x"}}, True),
        ({"Member": {"Id": 1}}, {"Member": [1]}, False),
        ({"a": None}, {"a": None}, True),
        ({"a": None}, {}, False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 2], False),
        ([], {}, False),
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ("a", "A", False),
        (None, ABSENT, False),
    ],
)
def test_the_body_must_be_contained(prepare: Prepare, expected: Any, sent: Any, fits: bool) -> None:
    answers = prepare({"operation": LEND, "body": expected})
    assert (answers.take(LEND, lending(sent)) is not None) == fits


@pytest.mark.parametrize("body", [b"{", b"\xff", b"", b"[" * 2000])
def test_a_body_that_is_no_json_contains_nothing(prepare: Prepare, body: bytes) -> None:
    assert prepare({"operation": LEND, "body": {}}).take(LEND, Call((), body, "POST")) is None


def test_a_body_is_read_in_its_charset(prepare: Prepare) -> None:
    call = Call((("Content-Type", "application/json; charset=latin-1"),), '{"a": "é"}'.encode("latin-1"))
    assert prepare({"operation": LEND, "body": {"a": "é"}}).take(LEND, call) == Reply()


def test_differences_say_where() -> None:
    expected, received = {"a": [{"b": 1}], "c": "x" * 99, "d": 1}, {"A": [{"B": 2}], "c": 1, "e": 1}
    assert list(differences(expected, received)) == [
        "/a/0/b: expected 1, found 2",
        f'/c: expected "{"x" * 76}..., found 1',
        "/d: expected 1, found nothing",
    ]
    assert list(differences({}, [])) == ["the body: expected {}, found []"]


def test_what_is_too_deep_to_be_shown_is_marked() -> None:
    deep = orjson.loads("[" * 500 + "]" * 500)
    assert list(differences(1, deep)) == ["the body: expected 1, found what is nested too deep to be shown"]


@pytest.mark.parametrize(
    ("given_", "headers", "body"),
    [
        ({"answer": {"a": [1]}}, (("Content-Type", "application/json; charset=utf-8"),), b'{"a":[1]}'),
        ({"answer": None}, (("Content-Type", "application/json; charset=utf-8"),), b"null"),
        ({"answer": "é"}, (("Content-Type", "text/plain; charset=utf-8"),), "é".encode()),
        ({}, (), b""),
        ({"status": 204, "answer_headers": {"X-A": ["1", "2"]}}, (("X-A", "1"), ("X-A", "2")), b""),
        (
            {"answer": '{"broken', "answer_headers": {"content-type": "application/json"}},
            (("content-type", "application/json"),),
            b'{"broken',
        ),
    ],
)
def test_what_is_answered(prepare: Prepare, given_: dict[str, Any], headers: tuple[Any], body: bytes) -> None:
    answers = prepare({"operation": GET, **given_})
    assert answers.take(GET, Call()) == Reply(headers, body, given_.get("status", 200))


def test_an_answer_may_be_given_a_number_of_times(prepare: Prepare) -> None:
    answers = prepare({"operation": GET, "times": 2})
    assert answers.take(LEND, Call()) is None
    assert answers.take(GET, Call()) is not None
    assert [answer["times"] for answer in answers.all()] == [1]
    assert answers.take(GET, Call()) is not None
    assert answers.take(GET, Call()) is None
    assert answers.all() == []


def test_the_latest_answer_wins(prepare: Prepare) -> None:
    answers = prepare({"operation": GET, "status": 500}, {"operation": GET, "status": 503, "times": 1})
    assert [reply.status for _ in range(3) if (reply := answers.take(GET, Call()))] == [503, 500, 500]


def test_answers_are_removed_and_cleared(prepare: Prepare) -> None:
    answers = prepare({"operation": GET}, {"operation": LEND})
    assert (answers.remove(1), answers.remove(1)) == (True, False)
    assert [answer["id"] for answer in answers.all()] == [2]
    answers.clear()
    assert answers.all() == []


def test_a_number_is_given_once(prepare: Prepare, library: Contract) -> None:
    answers = prepare({"operation": GET})
    answers.clear()
    assert answers.add(PreparedAnswer.from_mapping({"operation": GET}, library)) == 2


def test_threads_take_an_answer_no_more_than_its_times(prepare: Prepare) -> None:
    answers = prepare({"operation": GET, "times": 50})
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: answers.take(GET, Call()), range(200)))
    assert sum(reply is not None for reply in taken) == 50


def test_there_is_an_end_to_answers(library: Contract) -> None:
    answers, answer = PreparedAnswers(), PreparedAnswer.from_mapping({"operation": GET}, library)
    for _ in range(MOST):
        answers.add(answer)
    with pytest.raises(ConfigError, match="1001 is not at most 1000: clear some first"):
        answers.add(answer)


def test_the_json_form_can_be_read_again(library: Contract) -> None:
    whole = {
        "method": "POST",
        "path": PATH,
        "query": {"a": ["1", "2"], "b": "3"},
        "headers": {"X-A": "1"},
        "body": {"a": [None]},
        "status": 404,
        "answer_headers": {"X-B": "2"},
        "answer": None,
        "times": 3,
    }
    answer = PreparedAnswer.from_mapping(whole, library)
    assert answer.as_dict() == whole
    assert PreparedAnswer.from_mapping(answer.as_dict(), library) == answer


def test_an_answer_is_a_copy(library: Contract) -> None:
    value = {"a": [1]}
    answer = PreparedAnswer.from_mapping({"operation": GET, "answer": value, "body": value}, library)
    value["a"].append(2)
    assert (answer.answer, answer.matcher.body) == ({"a": [1]}, {"a": [1]})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"oparation": GET}, "key: 'oparation' is not known; did you mean 'operation'?"),
        ({"operation": "Book_Gett"}, "operation: 'Book_Gett' is not documented; did you mean"),
        ({"operation": 7}, "operation: 7 is not a text"),
        ({}, "path: '' is not a path from / without query, with its method"),
        ({"path": PATH}, "path: '/api/v1/Book/7' is not a path"),
        ({"method": "GET", "path": "api"}, "path: 'api' is not a path"),
        ({"method": "GET", "path": "/api?a=1"}, "is not a path from / without query"),
        ({"method": "GET", "path": "/api/v1/Bok/{bookId}"}, "did you mean 'GET /api/v1/Book/{bookId}'"),
        ({"operation": GET, "method": "GET"}, "is not alone"),
        ({"operation": GET, "status": 199}, "status: 199 is not a final status, 200 to 599"),
        ({"operation": GET, "status": 600}, "status: 600 is not"),
        ({"operation": GET, "status": "200"}, "status: '200' is not"),
        ({"operation": GET, "status": True}, "status: True is not"),
        ({"operation": GET, "times": 0}, "times: 0 is not a number from 1"),
        ({"operation": GET, "times": "2"}, "times: '2' is not"),
        ({"operation": GET, "status": 204, "answer": 1}, "answer: 1 is not left out: a 204 has no body"),
        ({"operation": GET, "answer": {1}}, "answer: 'set' is not a JSON value"),
        ({"operation": GET, "answer": 2**70}, "answer: 'int' is not a JSON value"),
        ({"operation": GET, "body": "\ud800"}, "body: 'str' is not a JSON value"),
        ({"operation": GET, "query": ["a"]}, "query: ['a'] is not an object of names and texts"),
        ({"operation": GET, "query": {"a": None}}, "query.a: None is not a text"),
        ({"operation": GET, "headers": {"a": [{}]}}, "headers.a: {} is not a text"),
        ({"operation": GET, "answer_headers": {"a b": "1"}}, "answer_headers: 'a b' is not a header field"),
        ({"operation": GET, "answer_headers": {"content-Length": "1"}}, "'content-Length' is not a header field"),
        ({"operation": GET, "answer_headers": {"X-A": "1\r\nX-B: 2"}}, "is not one line of Latin-1 text"),
        ({"operation": GET, "answer_headers": {"X-A": "€"}}, "is not one line of Latin-1 text"),
    ],
)
def test_what_is_wrong_is_named(library: Contract, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        PreparedAnswer.from_mapping(wrong, library)
    assert message in str(caught.value)


def test_a_value_may_be_nested_so_deep_only(library: Contract) -> None:
    for key in ("body", "answer"):
        PreparedAnswer.from_mapping({"operation": GET, key: orjson.loads("[" * 65 + "]" * 65)}, library)
        with pytest.raises(ConfigError, match="is not nested at most 64 levels deep"):
            PreparedAnswer.from_mapping({"operation": GET, key: orjson.loads("[" * 66 + "]" * 66)}, library)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
names = st.text("aAbBß", max_size=2)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=12
)


@settings(max_examples=60)
@given(json_values)
def test_every_value_contains_itself(value: Any) -> None:
    assert list(differences(value, value)) == []


@settings(max_examples=60)
@given(st.dictionaries(st.text("abc", max_size=2), json_values, max_size=4), st.data())
def test_an_object_contains_a_part_of_itself_in_other_letters(value: dict[str, Any], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
    assert list(differences({name.upper(): value[name] for name in kept}, value)) == []
    assert list(differences({**{name: value[name] for name in kept}, "zz": 1}, value)) != []
