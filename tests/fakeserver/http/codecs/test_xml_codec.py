"""XML as people write it, and as the server does."""

from typing import Any

import pytest

from docdouble.fakeserver.http.codecs import BodyError, Content, codec_of
from docdouble.schemas import Contract, Schema

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
NAMED: dict[str, Schema] = {
    "Book": {
        "type": "object",
        "properties": {
            "BookId": {"type": "integer"},
            "Title": {"type": ["string", "null"]},
            "Weight": {"type": "number"},
            "IsLent": {"type": "boolean"},
            "LentDate": {"type": "string", "format": "date-time"},
            "Ids": {"type": "array", "items": {"type": "integer"}},
            "Authors": {"type": "array", "items": {"$ref": "#/components/schemas/Author"}},
            "Labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "Anything": {},
        },
    },
    "Author": {"type": "object", "properties": {"Name": {"type": "string"}}},
}
BOOK: Schema = {"$ref": "#/components/schemas/Book"}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
NAMESPACES = f'{XSI} xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


def content(schema: Schema, charset: str = "utf-8") -> Content:
    return Content(schema, Contract("library", "1", (), NAMED, dialect="superoffice"), charset)


def read(text: str | bytes, schema: Schema = BOOK, charset: str = "utf-8") -> Any:
    body = text.encode() if isinstance(text, str) else text
    return codec_of("application/xml").decode(body, content(schema, charset))


def written(value: Any, schema: Schema = BOOK) -> str:
    text = codec_of("application/xml").encode(value, content(schema)).decode()
    assert text.startswith(DECLARATION)
    return text.removeprefix(DECLARATION).replace(f" {NAMESPACES}", "", 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"BookId": 3, "Title": "fog & <rain>"}, "<BookId>3</BookId><Title>fog &amp; &lt;rain&gt;</Title>"),
        ({"Title": None}, '<Title xsi:nil="true"/>'),
        ({"Weight": 2.5, "IsLent": True}, "<Weight>2.5</Weight><IsLent>true</IsLent>"),
        ({"Weight": 1e21}, "<Weight>1e+21</Weight>"),
        ({"LentDate": "2024-02-20T09:00:00Z"}, "<LentDate>2024-02-20T09:00:00Z</LentDate>"),
        ({"Ids": [1, 2]}, "<Ids><int>1</int><int>2</int></Ids>"),
        ({"Ids": []}, "<Ids></Ids>"),
        ({"Authors": [{"Name": "ola"}]}, "<Authors><Author><Name>ola</Name></Author></Authors>"),
        ({"Labels": {"a:b": "x", "7": "y"}}, "<Labels><a_x003A_b>x</a_x003A_b><_x0037_>y</_x0037_></Labels>"),
        ({"Anything": 5}, '<Anything xsi:type="xsd:long">5</Anything>'),
        ({"Title": "a\x00b\r"}, "<Title>a_x0000_b_x000D_</Title>"),
    ],
)
def test_elements_are_named_as_properties_and_types(value: Any, text: str) -> None:
    assert written(value) == f"<Book>{text}</Book>"


@pytest.mark.parametrize(
    ("value", "schema", "text"),
    [
        ([{"Name": "ola"}], {"type": "array", "items": NAMED["Author"]}, "ArrayOfitem"),
        (
            [{"Name": "ola"}],
            {"type": "array", "items": {"$ref": "#/components/schemas/Author"}},
            "ArrayOfAuthor",
        ),
        ([1], {"type": "array", "items": {"type": "integer"}}, "ArrayOfint"),
        ([], {"type": "array", "items": {"type": ["string", "integer", "null"]}}, "ArrayOfint"),
        ([], {"type": "array"}, "ArrayOfanyType"),
        ("x", {"type": "string"}, "string"),
        (5, {"type": "integer"}, "int"),
        (None, {"type": ["boolean", "null"]}, "boolean"),
    ],
)
def test_the_whole_is_named_by_its_type(value: Any, schema: Schema, text: str) -> None:
    assert written(value, schema).startswith(f"<{text}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("<Book><BookId>3</BookId></Book>", {"BookId": 3}, id="as documented"),
        pytest.param("<book><bookid>3</bookid></book>", {"bookid": 3}, id="lower case"),
        pytest.param("<b:Book xmlns:b='urn:x'><b:BookId>3</b:BookId></b:Book>", {"BookId": 3}, id="namespaces"),
        pytest.param("<Book xmlns='urn:x' id='9'><Title>x</Title></Book>", {"Title": "x"}, id="attributes"),
        pytest.param(
            "<Book><!-- a --><Title>fog<![CDATA[ & <rain>]]><!-- b -->!</Title></Book>",
            {"Title": "fog & <rain>!"},
            id="CDATA and comments",
        ),
        pytest.param("<Book>\n  <BookId>\n 3 </BookId>\n</Book>\n", {"BookId": 3}, id="indented"),
        pytest.param("<Book><Title>  x </Title></Book>", {"Title": "  x "}, id="blanks of a text"),
        pytest.param(f"<Book {XSI}><Title xsi:nil='true'/></Book>", {"Title": None}, id="nil"),
        pytest.param(f"<Book {XSI}><Title xsi:nil='1'></Title></Book>", {"Title": None}, id="nil as 1"),
        pytest.param(f"<Book {XSI}><Title xsi:nil='false'>x</Title></Book>", {"Title": "x"}, id="not nil"),
        pytest.param("<Book><Title nil='true'/></Book>", {"Title": ""}, id="nil of no namespace"),
        pytest.param("<Book><Title/></Book>", {"Title": ""}, id="empty text"),
        pytest.param("<Book/>", {}, id="nothing told"),
        pytest.param("<Book><BookId>many</BookId></Book>", {"BookId": "many"}, id="wrong text, refused later"),
        pytest.param("<Book><BookId></BookId></Book>", {"BookId": ""}, id="no text, refused later"),
        pytest.param("<Book><IsLent>1</IsLent></Book>", {"IsLent": True}, id="true as 1"),
        pytest.param("<Book><IsLent>0</IsLent></Book>", {"IsLent": False}, id="false as 0"),
        pytest.param("<Book><Ids><int>1</int><int>2</int></Ids></Book>", {"Ids": [1, 2]}, id="items"),
        pytest.param("<Book><Ids>1</Ids><Ids>2</Ids></Book>", {"Ids": [1, 2]}, id="a repeated array"),
        pytest.param("<Book><Ids/></Book>", {"Ids": []}, id="no item"),
        pytest.param(f"<B {XSI}><Ids><i xsi:nil='true'/><i>2</i></Ids></B>", {"Ids": [None, 2]}, id="a null item"),
        pytest.param(
            "<B><Authors><X><Name>a</Name></X><Y><name>b</name></Y></Authors></B>",
            {"Authors": [{"Name": "a"}, {"name": "b"}]},
            id="items of any name",
        ),
        pytest.param(
            f"<B {XSI}><Anything xsi:type='d:int' xmlns:d='urn:d'>5</Anything></B>", {"Anything": 5}, id="type"
        ),
        pytest.param(f"<B {XSI}><BookId xsi:type='string'>5</BookId></B>", {"BookId": "5"}, id="another type"),
        pytest.param(f"<B {XSI}><BookId xsi:type='Own'>5</BookId></B>", {"BookId": 5}, id="a type nobody knows"),
        pytest.param("<B><Anything>5</Anything></B>", {"Anything": "5"}, id="nothing known: text"),
        pytest.param("<B><Anything><A>1</A></Anything></B>", {"Anything": {"A": "1"}}, id="nothing known: object"),
        pytest.param("<B><Title><b>x</b></Title></B>", {"Title": {"b": "x"}}, id="wrong structure, refused later"),
        pytest.param("<B><Labels>x</Labels></B>", {"Labels": "x"}, id="text for an object, refused later"),
        pytest.param(
            "<B><Labels><a_x003A_b>x</a_x003A_b><_x_>y</_x_></Labels></B>",
            {"Labels": {"a:b": "x", "": "y"}},
            id="coded",
        ),
        pytest.param("<B><Title>_x0041__x000D_</Title></B>", {"Title": "_x0041_\r"}, id="codes of the author's own"),
        pytest.param("<B><Størrelse>5</Størrelse></B>", {"Størrelse": "5"}, id="letters of any language"),
    ],
)
def test_what_people_send_is_read(text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-5", -5), ("+5", 5), ("005", 5), ("2.50", 2.5), (".5", 0.5), ("5.", 5), ("-.5e1", -5), ("1E3", 1000)],
)
def test_numbers_are_spelled_as_in_xml_schema(text: str, number: float) -> None:
    assert read(f"<a> {text} </a>", {"type": "number"}) == number


@pytest.mark.parametrize("text", ["INF", "NaN", ".", "+", "1e", "--5", "5 5", "1_000", "٣", "0x5"])
def test_other_words_are_no_numbers(text: str) -> None:
    assert read(f"<a>{text}</a>", {"type": "number"}) == text


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8", "us-ascii", "shift_jis"])
@pytest.mark.parametrize("stated_in_header", [True, False])
def test_the_charset_is_the_headers_or_the_declarations(encoding: str, stated_in_header: bool) -> None:
    title = {"us-ascii": "hylle", "shift_jis": "棚"}.get(encoding, "blå hylle")
    document = f'<?xml version="1.0" encoding="{encoding}"?><Book><Title>{title}</Title></Book>'
    charset = encoding if stated_in_header else "utf-8"
    assert read(document.encode(encoding), charset=charset) == {"Title": title}


def test_a_byte_order_mark_is_no_text() -> None:
    assert read("<Book/>".encode("utf-8-sig")) == {}


EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
BOMB = '<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        pytest.param("", "syntax", "no XML", id="nothing"),
        pytest.param("<Book>", "syntax", "no XML", id="an open element"),
        pytest.param("<a/><b/>", "syntax", "no XML", id="two roots"),
        pytest.param("<a>&x;</a>", "syntax", "undefined entity", id="an unknown entity"),
        pytest.param("<a>\x00</a>", "syntax", "no XML", id="a forbidden character"),
        pytest.param(b"<a>\xff</a>", "syntax", "no XML", id="no UTF-8"),
        pytest.param('<?xml version="1.0" encoding="nope"?><a/>', "syntax", "'nope' is not known", id="an encoding"),
        pytest.param('<?xml version="1.0" encoding="idna"?><a/>', "syntax", "'idna' is not known", id="no charset"),
        pytest.param("<!DOCTYPE a><a/>", "syntax", "document type", id="a document type"),
        pytest.param('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "syntax", "document type", id="elsewhere"),
        pytest.param(EXTERNAL, "syntax", "document type", id="an external entity"),
        pytest.param(BOMB, "syntax", "document type", id="entities inside entities"),
        pytest.param("<a>" * 130 + "</a>" * 130, "depth", "deeper than 128", id="deep"),
        pytest.param("<a>" * 50_000 + "</a>" * 50_000, "depth", "deeper than 128", id="very deep"),
        pytest.param("<B><Title>a</Title><Title>b</Title></B>", "unique", "Title is given more than once", id="twice"),
        pytest.param("<B>fog<Title>a</Title></B>", "syntax", "'fog' stands beside elements in B", id="text before"),
        pytest.param("<B><Title>a</Title>fog</B>", "syntax", "'fog' stands beside elements in B", id="text after"),
        pytest.param(
            "<B><Ids>5<int>6</int></Ids></B>", "syntax", "'5' stands beside elements in Ids", id="in an array"
        ),
        pytest.param(
            "<B><Ids><int>6</int>5</Ids></B>", "syntax", "'5' stands beside elements in Ids", id="after items"
        ),
    ],
)
def test_anything_else_is_refused(text: str | bytes, rule: str, message: str) -> None:
    with pytest.raises(BodyError, match=message) as caught:
        read(text)
    assert caught.value.rule == rule
    assert "\n" not in str(caught.value)


def test_octets_that_are_not_of_the_charset_are_refused() -> None:
    with pytest.raises(BodyError, match="the body is no ascii"):
        read("<a>é</a>", charset="ascii")
