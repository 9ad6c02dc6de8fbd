"""Every key of ``docdouble.toml``: what it may be and what it means.

Reading, errors, the JSON Schema for editors, and a test of the documentation follow from this table.
"""

from dataclasses import replace

from ..model.finding import Severity
from .overrides import ROLES
from .scalars import Choice, File, Flag, No, Number, Scalar, Text, Texts, Values, Whole
from .tables import AsWritten, Dotted, Key, Listed, Named, OneOf, Table
from .verify import LEAST_RATE, MOST_JOBS, MOST_RATE, MOST_SECONDS

NULLS = ("never", "sometimes", "documented")
ANSWERS = ("generated", "documented")
"""What ``nulls`` and ``answers`` may be: they mean what they do in the fake's ``Settings``."""

MOST_THINGS = 10_000
"""Things of each kind that there may be at first."""

LATE = frozenset({"serve.credentials", "serve.state", "verify.headers", "verify.proxy"})
"""Keys that may hold secrets: their variables are filled in when they are needed, and no sooner."""

_MOST_EXAMPLES = 100_000
_SELECTORS = "an id, a path, a part of one, a pattern with *, or tag:, resource:, role: and a name"

_FAULT = Table(
    {
        "operation": Key(Scalar(), "Only calls of this operation are affected: an id, or a part of one."),
        "latency": Key(Scalar(), 'Milliseconds that the answer is late, such as 300 or "200-500".'),
        "status": Key(Scalar(), "The status that is answered."),
        "drop": Key(Scalar(), "Whether the connection is closed without an answer."),
        "truncate": Key(Scalar(), "Whether the answer is cut short."),
        "content-type": Key(Scalar(), "The media type that the answer claims to be."),
        "violate": Key(Scalar(), "A promise that is broken, such as missing-field:/Links."),
        "share": Key(Scalar(), "The part of the calls that is affected, above 0 and at most 1."),
        "times": Key(Scalar(), "How many calls are looked at before the fault is over."),
    }
)

_CALLER = Table(
    {"only": Key(Texts("an array of operation ids, with * for any text"), "Operations that they may call.")},
    others=Text("a text", is_secret=True),
    expected='a table, such as { Basic = "user:password" }',
)

_SERVE = Table(
    {
        "auth": Key(Choice(("on", "off")), "Whether credentials are asked for."),
        "cors": Key(Texts("an array of origins"), "Web pages that may call: origins, localhost, * or none."),
        "credentials": Key(
            AsWritten(Named(_CALLER)),
            "Who is let in: by any name, a table of a documented scheme and its credentials.",
        ),
        "faults": Key(AsWritten(Listed(_FAULT, "an array of tables")), "What goes wrong on purpose."),
        "nulls": Key(Choice(NULLS), "When what may be null is."),
        "answers": Key(Choice(ANSWERS), "What is sent on success."),
        "state": Key(
            Text("memory, off, a path or a URL", is_secret=True),
            "Where what callers change is kept: memory, off, the path of an SQLite file, or the URL of a Redis server.",
        ),
        "population": Key(Whole(0, MOST_THINGS), "Things of each kind that there are at first."),
        "seed-data": Key(File(), "A JSON file with things of your own, that are there at first."),
    }
)

_VERIFY = Table(
    {
        "only": Key(Texts(), f"Operations that are verified: {_SELECTORS}."),
        "skip": Key(Texts(), "Operations that are left out, named as for only."),
        "skip-checks": Key(Texts(), "Ids of checks that are left out."),
        "allow-writes": Key(
            Texts(), "When careful, writes that are called on what the run created: classified, or named as for only."
        ),
        "careful": Key(Flag(), "Only what reads, slowly; or all. Without it, all on this machine only."),
        "rate": Key(Number(LEAST_RATE, MOST_RATE, "no limit"), "Calls a second; without it, 5 when careful."),
        "jobs": Key(Whole(1, MOST_JOBS), "Operations of a remote server that are verified at once."),
        "max-requests": Key(Whole(0, 10**9), "Requests after which the run ends; 0: it doesn't."),
        "max-time": Key(Number(0, MOST_SECONDS), "Seconds after which the run ends; 0: it doesn't."),
        "timeout": Key(Number(0, MOST_SECONDS, is_above=True), "Seconds for one reply."),
        "max-response-time": Key(Number(0, MOST_SECONDS), "A reply that takes more seconds is a finding; 0: none is."),
        "max-reply-size": Key(Whole(0, 2**40), "A reply of more bytes is a finding; 0: none is."),
        "baseline": Key(File(), "A file of findings that are known: only others fail."),
        "cases": Key(File(), "A folder where the calls that failed are kept."),
        "ca": Key(File(), "Certificates to trust, a PEM file."),
        "certificate": Key(File(), "Our own certificate, a PEM file."),
        "key": Key(File(), "The key of our own certificate, a PEM file."),
        "proxy": Key(Text("a URL", is_secret=True, may_be_empty=True), "The URL of a proxy."),
        "values": Key(Dotted((Values(),), "an array of values", "values"), "Known values, by names of properties."),
        "headers": Key(
            AsWritten(
                Named(
                    OneOf(
                        (
                            Text("a text", is_secret=True, may_be_empty=True),
                            Table(
                                {
                                    "file": Key(Text("a path"), "A file with the value."),
                                    "prefix": Key(Text(is_secret=True, may_be_empty=True), "What stands before it."),
                                },
                                needed=("file",),
                            ),
                            Table(
                                {
                                    "command": Key(
                                        Listed(
                                            Text(is_secret=True, may_be_empty=True),
                                            "an array of a program and its arguments",
                                            least=1,
                                        ),
                                        "A program and its arguments, which writes the value.",
                                    ),
                                    "prefix": Key(Text(is_secret=True, may_be_empty=True), "What stands before it."),
                                },
                                needed=("command",),
                            ),
                            Table(
                                {
                                    "token-url": Key(Text("a URL"), "A token endpoint (RFC 6749, section 4.4)."),
                                    "client-id": Key(Text(is_secret=True), "The id of our account."),
                                    "client-secret": Key(Text(is_secret=True), "Its secret."),
                                    "scope": Key(Text(may_be_empty=True), "What the token is for."),
                                    "prefix": Key(
                                        Text(is_secret=True, may_be_empty=True), 'What stands before it: "Bearer ".'
                                    ),
                                },
                                needed=("token-url", "client-id", "client-secret"),
                            ),
                        ),
                        "a text, or a table with file, command or token-url",
                        is_secret=True,
                    ),
                    pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
                    name="the name of a header field",
                )
            ),
            "Header fields that go out with every call: a text, or where the value comes from.",
        ),
    }
)

_COVERAGE = Table(
    {
        "only": Key(Texts(), "Operations that count, called or not; without it, those that were called."),
        "skip": Key(Texts(), "Operations that don't count."),
        "fail-under": Key(Number(0, 100), "The percentage below which the tests fail."),
    }
)

_RESOURCE = Table(
    {
        "key": Key(Text("the name of a property"), "The property that tells the things of this kind apart."),
        "views": Key(Texts(), "Types that show such a thing."),
        **{role: Key(Texts(), f"Operations whose role is {role}.") for role in ROLES},
        "none": Key(Texts(), "Operations that have no role."),
    }
)

_TOP = Table(
    {
        "source": Key(
            Text("a path, or the name of a shipped contract"),
            "What documents the API: a page, a folder of pages, an OpenAPI or Swagger file, or a shipped contract.",
        ),
        "url": Key(
            Text("a URL", may_be_empty=True), "The base URL of the server that is verified; without it, the fake."
        ),
        "max-examples": Key(Whole(1, _MOST_EXAMPLES), "Random calls of each kind per operation."),
        "seed": Key(Whole(), "Chooses the calls."),
        "fail-on": Key(
            Choice(tuple(level.value for level in Severity), "a severity"), "The severity from which a run has failed."
        ),
        "collect": Key(Flag(), "Whether pytest collects a test for each operation."),
        "serve": Key(_SERVE, "How the fake answers."),
        "samples": Key(
            Dotted((Text("a source"), Values()), "a source, or an array of values", "samples"),
            "Where the fake's data comes from, by patterns of Type.Property: a source, or the values themselves.",
        ),
        "resources": Key(
            Named(OneOf((No(), _RESOURCE), "false, or a table")),
            "What operations do to the things of the API, where docdouble has it wrong: by the names of its resources.",
        ),
        "verify": Key(_VERIFY, "What is verified, how much is sent, and with which credentials."),
        "coverage": Key(_COVERAGE, "What counts for --contract-coverage."),
    }
)


_OPTIONS = {
    name: f"a key here: it is an option of the command only, docdouble serve --{name}"
    for name in ("host", "port", "seed", "locale", "workers", "threads", "tls", "reload", "warm", "control-token")
}


def _told_apart(top: Table) -> Table:
    """Return the table with what to tell of a key that stands in the wrong one."""
    inner = {name: key.kind for name, key in top.keys.items() if isinstance(key.kind, Table)}
    homes: dict[str, str] = {}
    for table, kind in inner.items():
        homes |= {name: f"[{table}]" for name in kind.keys if name not in homes}
    first = "a key here: it belongs at the top, before the tables"
    moved = {name: f"a key here: it belongs into {home}" for name, home in homes.items()}
    keys = dict(top.keys)
    for table, kind in inner.items():
        others = {name: told for name, told in moved.items() if f"[{table}]" != homes[name]}
        options = _OPTIONS if table == "serve" else {}
        elsewhere = others | dict.fromkeys(top.keys, first) | options
        keys[table] = replace(keys[table], kind=replace(kind, elsewhere=elsewhere))
    alone = {"tool": "a key here: the keys of a file of our own stand in it without [tool.docdouble]"}
    return replace(top, keys=keys, elsewhere=moved | alone)


KEYS = _told_apart(_TOP)
"""The whole of ``docdouble.toml``, and of ``[tool.docdouble]``."""
